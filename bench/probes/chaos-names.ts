/** Numbers in place of keys and refresh tokens: what is recorded tells which are the same, and no credential. */

import { sha256 } from '../../src/kernel/digest.ts';
import type { ChaosExchange } from '../record/chaos-events.ts';
import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';

export class ChaosNames {
  readonly #keys = new Map<string, number>();
  readonly #refreshTokens = new Map<string, number>();

  gained(
    { refreshPath, protectedPath }: Contestant,
    credential: Credential,
    generation: number,
  ): NonNullable<ChaosExchange['gained']> {
    const refresh = refreshPath === null ? '' : (credential.headersFor(refreshPath).cookie ?? '');
    const kid = kidOf(credential.headersFor(protectedPath).authorization);
    return {
      generation,
      refreshToken: numbered(this.#refreshTokens, sha256(refresh)),
      key: kid === null ? null : numbered(this.#keys, kid),
    };
  }
}

/** From a Bearer token that has a JOSE header; null for every other. */
function kidOf(authorization: string | undefined): string | null {
  const [header = '', ...rest] = (authorization ?? '').replace(/^Bearer /, '').split('.');
  if (rest.length !== 2) return null;
  const parsed: unknown = JSON.parse(Buffer.from(header, 'base64url').toString());
  return typeof parsed === 'object' && parsed !== null && 'kid' in parsed ? String(parsed.kid) : null;
}

function numbered(known: Map<string, number>, text: string): number {
  const number = known.get(text) ?? known.size;
  known.set(text, number);
  return number;
}
