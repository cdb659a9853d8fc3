/** Attacks of the catalogue in the invented runs. */

import type { AttackTried } from '../record/attack-events.ts';

export interface ExampleAttacks {
  /** What came of an attack instead, by attack and server: `changed-claims session`. */
  readonly instead?: Readonly<Record<string, AttackTried['outcome']>>;
  /** Only so many attacks were reached. */
  readonly reached?: number;
}

type Outcomes = Readonly<Record<string, AttackTried['outcome']>>;

const blocked: AttackTried['outcome'] = { kind: 'blocked' };
const open: AttackTried['outcome'] = { kind: 'open', window: null, boundMillis: 0 };
const noToken: AttackTried['outcome'] = { kind: 'not-applicable', reason: 'no signed token' };

const invented: readonly (readonly [AttackTried['attack'], AttackTried['group'], string, Outcomes])[] = [
  [
    'changed-claims',
    'tokens',
    'other claims, same signature',
    {
      broken: open,
      session: noToken,
      'cookie-session': noToken,
      'jwt-hs256': blocked,
      'denylist-hs256': blocked,
      'hybrid-hs256': blocked,
    },
  ],
  [
    'no-revocation',
    'refresh',
    'credentials after the logout',
    {
      broken: { kind: 'open', window: { millis: 1_204.2, ended: true }, boundMillis: 0 },
      session: blocked,
      'cookie-session': {
        kind: 'open-by-design',
        window: { millis: 7_000, ended: false },
        reason: 'its cookie is good until it expires',
      },
      'jwt-hs256': {
        kind: 'open-by-design',
        window: { millis: 6_012, ended: true },
        reason: 'its tokens are good until they expire',
      },
      'denylist-hs256': blocked,
      'hybrid-hs256': { kind: 'open', window: { millis: 3.14, ended: true }, boundMillis: 2_000 },
    },
  ],
];

export function exampleAttacks({ instead = {}, reached }: ExampleAttacks, clock: () => string): AttackTried[] {
  return invented.slice(0, reached).flatMap(([attack, group, title, outcomes]) =>
    Object.entries(outcomes).map(([name, outcome]): AttackTried => {
      const contestant = name === 'broken' ? `broken-${attack}` : name;
      const came = instead[`${attack} ${name}`] ?? outcome;
      return {
        type: 'AttackTried',
        at: clock(),
        attack,
        group,
        title,
        deed: `makes use of ${attack}`,
        question: `Does anybody notice ${attack}?`,
        source: 'RFC 8725 3.3',
        variant: name === 'broken' ? 'broken' : 'right',
        contestant,
        outcome: came,
        evidence: came.kind === 'not-applicable' ? '' : 'GET /profile was asked',
      };
    }),
  );
}
