/** Attacks of the invented runs on servers that make a mistake, and on strategies that do not. */

import type { AttackOutcome, MistakeName, MistakeTried } from '../record/attack-events.ts';

export interface ExampleMistakes {
  /** What came of an attack instead, by mistake and server: `no-expiry session`. */
  readonly instead?: Readonly<Record<string, AttackOutcome>>;
  /** Only so many mistakes were reached. */
  readonly reached?: number;
}

const blocked: AttackOutcome = { kind: 'blocked' };
const open: AttackOutcome = { kind: 'open', window: null, boundMillis: 0 };

/** By mistake: first the server that makes it, then the strategies. */
const outcomes: Readonly<Partial<Record<MistakeName, Readonly<Record<string, AttackOutcome>>>>> = {
  'no-expiry': {
    'broken-no-expiry': { kind: 'open', window: { millis: 1_004.2, ended: false }, boundMillis: 0 },
    'jwt-hs256': blocked,
    'denylist-hs256': blocked,
    'hybrid-hs256': blocked,
  },
  // All example strategies sign with HMAC.
  'algorithm-confusion': { 'broken-algorithm-confusion': open },
  'no-revocation': {
    'broken-no-revocation': open,
    session: blocked,
    'jwt-hs256': { kind: 'open-by-design', window: { millis: 2_712, ended: true } },
    'denylist-hs256': blocked,
    'hybrid-hs256': { kind: 'open', window: { millis: 3.14, ended: true }, boundMillis: 2_000 },
  },
};

export function exampleMistakes({ instead = {}, reached }: ExampleMistakes, clock: () => string): MistakeTried[] {
  return Object.entries(outcomes)
    .slice(0, reached)
    .flatMap(([name, targets]) => {
      const mistake = name as MistakeName;
      return Object.entries(targets).map(([contestant, outcome]) => ({
        type: 'MistakeTried',
        at: clock(),
        mistake,
        deed: `makes use of ${name}`,
        question: `Does anybody notice ${name}?`,
        source: 'RFC 8725 2.1',
        variant: contestant.startsWith('broken-') ? 'broken' : 'right',
        contestant,
        outcome: instead[`${name} ${contestant}`] ?? outcome,
        evidence: `GET /profile was asked of ${contestant}`,
      }));
    });
}
