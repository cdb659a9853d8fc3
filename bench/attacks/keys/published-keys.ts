/** Looks for private parts in what the server publishes (RFC 7517 9.2, RFC 7518 6). */

import type { CataloguedAttack } from '../attack.ts';
import { open } from '../crafted.ts';
import { NothingProven } from '../nothing-proven.ts';
import { jsonMembers, told } from '../requests.ts';
import { withoutToken } from '../traits.ts';

/** Of RSA, EC and OKP keys, and the whole of a symmetric one. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

export const publishedKeys: CataloguedAttack = {
  group: 'keys',
  name: 'published-private-keys',
  title: 'private keys in the JWK Set',
  deed: 'reads the JWK Set',
  question: 'Does the JWK Set hold anything that signs?',
  source: 'RFC 7517 9.2; RFC 7518 6.2.2, 6.3.2, 6.4; OWASP ASVS 5.0.0 11.1.1, 13.3.4',
  inapplicable: withoutToken,
  async run({ contestant, ask }) {
    const answer = await ask({ method: 'GET', path: contestant.keySetPath ?? '', headers: {} });
    const { keys } = jsonMembers(answer.body);
    if (answer.status !== 200 || !Array.isArray(keys))
      throw new NothingProven(`GET jwks.json was answered ${told(answer)}`);
    const members = new Set(keys.flatMap((key: object) => Object.keys(key)));
    const leaked = privateMembers.filter((name) => members.has(name));
    const evidence = `GET jwks.json tells ${keys.length === 1 ? '1 key' : `${keys.length} keys`}${members.size === 0 ? '' : ` by ${[...members].sort().join(', ')}`}`;
    return { outcome: leaked.length === 0 ? { kind: 'blocked' } : open, evidence };
  },
  broken: {
    algorithm: 'RS256',
    mistake: (_careful, world) => ({
      keySet: () => ({ keys: [{ ...world.privateKey.export({ format: 'jwk' }), kid: 'x' }] }),
    }),
  },
};
