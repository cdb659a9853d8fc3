/** Genuine access tokens for the paths, as a server makes them and as requests bring them. */

import { isSessionId, newSessionId } from '../../src/domain/session-id.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandomBytes } from '../../src/kernel/random.ts';
import type { AlgorithmName } from '../../src/keys/algorithms.ts';
import { KeyRing } from '../../src/keys/key-ring.ts';
import { newSignatureKey } from '../../src/keys/new-key.ts';
import { type AccessTokens, createAccessTokens } from '../../src/tokens/access-token.ts';
import { librariesOf } from '../../src/tokens/libraries/by-algorithm.ts';
import type { TokenLibrary } from '../../src/tokens/libraries/library.ts';

export interface MadeTokens {
  readonly algorithm: AlgorithmName;
  readonly ring: KeyRing;
  /** As bytes: each request brings a text of its own, whose characters nobody has looked at yet. */
  readonly bytes: readonly Buffer[];
}

const lifetimeMillis = 3_600_000;

/** RSA keys of the smallest size that is accepted: what is compared is what stands around them. */
export async function makeTokens(algorithm: AlgorithmName, count: number): Promise<MadeTokens> {
  const ring = new KeyRing({ secret: systemRandomBytes(32) });
  const bits = algorithm === 'rs256' || algorithm === 'ps256' ? 2_048 : undefined;
  const key = await newSignatureKey(algorithm, systemRandomBytes, bits);
  ring.add(key);
  ring.activate(algorithm, key.kid);
  const issuer = verifierOf({ algorithm, ring }, librariesOf[algorithm][0]);
  const issuedAtMillis = systemClock.wallMillis();
  const bytes: Buffer[] = [];
  for (let number = 0; number < count; number += 1) {
    const token = await issuer.sign({
      sub: `user-${String(number).padStart(6, '0')}`,
      sid: newSessionId(0, systemRandomBytes),
      roles: ['user'],
      tokenId: systemRandomBytes(16).toString('base64url'),
      issuedAtMillis,
      expiresAtMillis: issuedAtMillis + lifetimeMillis,
    });
    bytes.push(Buffer.from(token));
  }
  return { algorithm, ring, bytes };
}

export function verifierOf({ algorithm, ring }: Omit<MadeTokens, 'bytes'>, library: TokenLibrary): AccessTokens {
  return createAccessTokens({
    keys: ring.keysOf(algorithm),
    library,
    issuer: 'https://paths.invalid',
    audience: 'paths',
    clock: systemClock,
    leewayMillis: 5_000,
    isSessionId,
    prepare: () => null,
  });
}

/** Hands out one after the other, over and over, each time as a new text. */
export function inTurns(bytes: readonly Buffer[]): () => string {
  let next = 0;
  return () => {
    const token = bytes[next] ?? Buffer.alloc(0);
    next = next + 1 === bytes.length ? 0 : next + 1;
    return token.toString('latin1');
  };
}
