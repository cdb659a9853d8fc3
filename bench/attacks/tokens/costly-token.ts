/** Tokens that cost the server more than they cost the attacker: long ones, and ones that lead an expression astray. */

import type { CataloguedAttack, Scene } from '../attack.ts';
import { bearer, isRefused, profileRequest, told } from '../requests.ts';
import { withoutBearer } from '../traits.ts';

/** Beyond this, and what the machine itself takes for two requests, one such token keeps everybody else waiting. */
const ownMillis = 400;
const honestPairs = 5;

export const costlyToken: CataloguedAttack = {
  group: 'tokens',
  name: 'costly-token',
  title: 'token that costs much time',
  deed: 'sends tokens that are long, deep, or hard to match',
  question: 'For how long can one bad token keep everybody else waiting?',
  source: 'CVE-2026-35041, CWE-1333 (expressions); CWE-674 (depth); OWASP ASVS 5.0.0 15.1.3, 15.2.2',
  inapplicable: withoutBearer,
  async run(scene) {
    const machineMillis = await longestHonest(scene);
    const waits: { readonly what: string; readonly millis: number; readonly status: string }[] = [];
    for (const [what, token] of costlyTokens()) {
      const [answer, honest] = await scene.askAtOnce([
        profileRequest(scene.contestant, bearer(token)),
        { method: 'GET', path: scene.contestant.protectedPath, headers: {} },
      ]);
      if (answer === undefined || honest === undefined) continue;
      const millis = Math.max(answer.receivedAtMillis, honest.receivedAtMillis) - answer.sentAtMillis;
      waits.push({ what, millis, status: isRefused(answer) ? '' : ` and was answered ${told(answer)}` });
    }
    return judged(scene, ownMillis + 2 * machineMillis, waits);
  },
  broken: {
    algorithm: 'HS256',
    mistake: (careful) => ({
      // Each letter may begin a part or go on with one: twice as many ways with every letter more.
      read: (token) => (/^([\w-]+\.?)+$/.test(token) ? careful.read(token) : null),
    }),
  },
};

function judged(
  { contestant }: Scene,
  boundMillis: number,
  waits: readonly { what: string; millis: number; status: string }[],
) {
  const [slowest] = waits.toSorted((left, right) => right.millis - left.millis);
  const odd = waits.find(({ status }) => status !== '');
  const millis = slowest?.millis ?? 0;
  const evidence = `two requests to ${contestant.protectedPath.split('/').at(-1)} at once, one with ${slowest?.what}: both were answered within ${millis.toFixed(0)} ms${odd === undefined ? '' : `; ${odd.what}${odd.status}`}`;
  if (odd !== undefined) return { outcome: { kind: 'unproven' as const }, evidence };
  if (millis <= boundMillis) return { outcome: { kind: 'blocked' as const }, evidence };
  return { outcome: { kind: 'open' as const, window: { millis, ended: true }, boundMillis }, evidence };
}

/** Of pairs of requests that cost nothing: what a busy machine adds. */
async function longestHonest({ contestant, askAtOnce }: Scene): Promise<number> {
  const request = { method: 'GET', path: contestant.protectedPath, headers: {} } as const;
  let longest = 0;
  for (let pair = 0; pair < honestPairs; pair += 1) {
    const answers = await askAtOnce([request, request]);
    longest = Math.max(
      longest,
      ...answers.map(({ sentAtMillis, receivedAtMillis }) => receivedAtMillis - sentAtMillis),
    );
  }
  return longest;
}

function costlyTokens(): readonly (readonly [string, string])[] {
  const deep = Buffer.from(`${'['.repeat(2_500)}${']'.repeat(2_500)}`).toString('base64url');
  return [
    ['8 KB of letters', 'A'.repeat(8_100)],
    ['15 KB of letters', 'A'.repeat(15_000)],
    ['15 KB of dots', '.'.repeat(15_000)],
    ['a header that is 2,500 lists deep', `${deep}.e30.AAAA`],
    ['letters that match until the last one', `${'A'.repeat(27)}!`],
    ['a header of 60 KB', 'A'.repeat(60_000)],
  ];
}
