/** Verifying an access token: by algorithm and library, over one token and over many, beside `node:crypto` alone. */

import { constants, createHmac, timingSafeEqual, verify } from 'node:crypto';
import type { SignatureKey } from '../../src/keys/key-ring.ts';
import type { AccessTokens } from '../../src/tokens/access-token.ts';
import { librariesOf } from '../../src/tokens/libraries/by-algorithm.ts';
import { inTurns, type MadeTokens, verifierOf } from './made-tokens.ts';
import type { Path } from './measure.ts';

const floor = 'node:crypto alone';

/** Every library as it is best used; their variants are the scenario `libraries`' affair. */
export function verifyPaths(made: MadeTokens): Path[] {
  const one = made.bytes.slice(0, 1);
  return [one, made.bytes].flatMap((bytes) => {
    const group = `verify ${made.algorithm}, ${bytes.length.toLocaleString('en-US')} token${bytes.length === 1 ? '' : 's'}`;
    const libraries = librariesOf[made.algorithm].filter(({ variant }) => variant === undefined);
    return [
      { group, name: floor, floor, turn: signatureTurn(made, bytes) },
      ...libraries.map((library) => ({
        ...{ group, name: library.name, floor },
        turn: verifyTurn(verifierOf(made, library), inTurns(bytes)),
      })),
    ];
  });
}

/**
 * Throws when a token is refused: what is measured is acceptance.
 * @param probe a token to find out with whether the library answers at once; absent: the next
 */
export function verifyTurn(tokens: Pick<AccessTokens, 'verify'>, next: () => string, probe?: Buffer): Path['turn'] {
  const first = tokens.verify(probe?.toString('latin1') ?? next());
  return first instanceof Promise ? later : atOnce;

  function atOnce(times: number): void {
    for (let left = times; left > 0; left -= 1) demand(tokens.verify(next()));
  }
  async function later(times: number): Promise<void> {
    for (let left = times; left > 0; left -= 1) demand(await tokens.verify(next()));
  }
}

function demand(verified: object): void {
  if (!('ok' in verified) || verified.ok !== true) throw new Error('a genuine token was refused');
}

/** The least that any verifier does: check the signature, read the claims. */
function signatureTurn({ algorithm, ring }: MadeTokens, bytes: readonly Buffer[]): Path['turn'] {
  const isSigned = signatureCheck(ring.keysOf(algorithm).active());
  const next = inTurns(bytes);
  return (times) => {
    for (let left = times; left > 0; left -= 1) {
      const token = next();
      const [start, end] = [token.indexOf('.') + 1, token.lastIndexOf('.')];
      if (!isSigned(token.slice(0, end), Buffer.from(token.slice(end + 1), 'base64url'))) throw new Error('not signed');
      JSON.parse(Buffer.from(token.slice(start, end), 'base64url').toString());
    }
  };
}

function signatureCheck({ algorithm, verification }: SignatureKey): (input: string, signature: Buffer) => boolean {
  switch (algorithm.jws) {
    case 'HS256':
      return (input, signature) =>
        timingSafeEqual(createHmac('sha256', verification).update(input).digest(), signature);
    case 'PS256': {
      const key = { key: verification, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
      return (input, signature) => verify('sha256', Buffer.from(input), key, signature);
    }
    case 'ES256': {
      const key = { key: verification, dsaEncoding: 'ieee-p1363' as const };
      return (input, signature) => verify('sha256', Buffer.from(input), key, signature);
    }
    case 'Ed25519':
      return (input, signature) => verify(null, Buffer.from(input), verification, signature);
    default:
      return (input, signature) => verify('sha256', Buffer.from(input), verification, signature);
  }
}
