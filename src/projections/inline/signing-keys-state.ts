/** The signing keys' state as the log keeps it beside their events: what a node that starts, or lost its place, reads. */

import type { SigningKeysState } from '../../domain/signing-keys.ts';
import { signingKeys } from '../../domain/signing-keys.ts';
import type { EventLog, UserRecord } from '../../eventlog/port.ts';
import { AuthlabError } from '../../kernel/errors.ts';

/** The stream of the keys that nodes with the realm's root secret share. */
export const sharedSigningKeys = 'signing-keys';

export interface VersionedSigningKeys {
  /** Events of the stream that the state includes. */
  readonly version: number;
  /** Of the append that wrote it. */
  readonly operationId: string | null;
  readonly state: SigningKeysState;
}

export function writeSigningKeys(state: SigningKeysState): string {
  return JSON.stringify(state);
}

/** One round trip. Throws ERR_LOG_UNAVAILABLE; ERR_LOG_CORRUPT when it is not what `writeSigningKeys` wrote. */
export async function readSigningKeys(log: EventLog, stream: string): Promise<VersionedSigningKeys> {
  const record = await log.readUser('realm', stream);
  return { version: record.version, operationId: record.operationId, state: stateOf(record) };
}

function stateOf({ state: text }: UserRecord): SigningKeysState {
  if (text === null) return signingKeys.initial;
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch (error) {
    throw new AuthlabError('ERR_LOG_CORRUPT', 'The record of the signing keys in the log is not JSON.', {
      cause: error,
    });
  }
  if (isSigningKeysState(state)) return state;
  throw new AuthlabError(
    'ERR_LOG_CORRUPT',
    'The record of the signing keys has another shape than this version writes.',
  );
}

const phases: ReadonlySet<unknown> = new Set(['published', 'active', 'superseded']);

function isSigningKeysState(value: unknown): value is SigningKeysState {
  if (typeof value !== 'object' || value === null || !('keys' in value) || !('retiredKids' in value)) return false;
  const { keys, retiredKids } = value;
  if (!(Array.isArray(keys) && Array.isArray(retiredKids))) return false;
  return keys.every(
    (key: Partial<Record<'kid' | 'algorithm' | 'sealedKey' | 'phase', unknown>> | null) =>
      [key?.kid, key?.algorithm, key?.sealedKey].every((member) => typeof member === 'string') &&
      phases.has(key?.phase),
  );
}
