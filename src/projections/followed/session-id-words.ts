/** A session id as numbers: its partition, and the 128 bits behind the dot in four words. Exact, in both directions. */

import { maximumPartitions } from '../../domain/session-id.ts';

/** Base64url (RFC 4648 5): 22 digits of 6 bits, of which the last 4 bits are zero. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const digits = 22;
const digitsPerWord = 5;
const noDigit = 255;

const values = new Uint8Array(128).fill(noDigit);
for (let value = 0; value < alphabet.length; value += 1) values[alphabet.charCodeAt(value)] = value;

/**
 * Writes the id's words and answers its partition; -1, and nonsense in the words, for a text that is not spelled as
 * `newSessionId` spells ids, so that two texts never come to the same.
 */
export function readSessionId(id: string, words: Uint32Array): number {
  const dot = id.length - digits - 1;
  const partition = readPartition(id, dot);
  if (partition < 0) return -1;
  // Whatever is no digit leaves a bit above the lowest six.
  let seen = 0;
  let at = dot + 1;
  for (let word = 0; word < 4; word += 1) {
    let bits = 0;
    for (let read = 0; read < digitsPerWord; read += 1) {
      const value = valueAt(id, at);
      at += 1;
      seen |= value;
      bits = (bits << 6) | value;
    }
    words[word] = bits;
  }
  const [first, second] = [valueAt(id, at), valueAt(id, at + 1)];
  seen |= first | second;
  const rest = (first << 6) | second;
  if (seen > 63 || (rest & 15) !== 0) return -1;
  // The last 8 bits go where five digits have left room.
  for (let word = 0; word < 4; word += 1) words[word] = (words[word] ?? 0) | (((rest >> (4 + 2 * word)) & 3) << 30);
  return partition;
}

/** An id that is asked about again and again, read once. */
export class KnownSessionId {
  readonly text: string;
  /** -1 for a text that `readSessionId` does not take. */
  readonly partition: number;
  /** As signed numbers, which take no memory of their own. */
  readonly #first: number;
  readonly #second: number;
  readonly #third: number;
  readonly #fourth: number;

  constructor(text: string) {
    this.text = text;
    this.partition = readSessionId(text, ownWords);
    this.#first = signed(ownWords[0]);
    this.#second = signed(ownWords[1]);
    this.#third = signed(ownWords[2]);
    this.#fourth = signed(ownWords[3]);
  }

  /** As `readSessionId` writes them. */
  writeWords(words: Uint32Array): void {
    words[0] = this.#first;
    words[1] = this.#second;
    words[2] = this.#third;
    words[3] = this.#fourth;
  }
}

const ownWords = new Uint32Array(4);

function signed(word = 0): number {
  return word | 0;
}

/** The text that `readSessionId` has read. */
export function writeSessionId(partition: number, words: Uint32Array): string {
  let text = `${partition}.`;
  let rest = 0;
  for (let word = 0; word < 4; word += 1) {
    const bits = words[word] ?? 0;
    for (let shift = 6 * (digitsPerWord - 1); shift >= 0; shift -= 6) text += alphabet.charAt((bits >>> shift) & 63);
    rest |= (bits >>> 30) << (4 + 2 * word);
  }
  return text + alphabet.charAt(rest >> 6) + alphabet.charAt(rest & 63);
}

/** What stands before the dot, if there is one at this place. */
function readPartition(id: string, dot: number): number {
  if (dot < 1 || dot > 4 || id.charCodeAt(dot) !== 46 || (dot > 1 && id.charCodeAt(0) === 48)) return -1;
  let partition = 0;
  for (let at = 0; at < dot; at += 1) {
    const digit = id.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    partition = 10 * partition + digit;
  }
  return partition < maximumPartitions ? partition : -1;
}

function valueAt(id: string, at: number): number {
  return values[id.charCodeAt(at)] ?? noDigit;
}
