/**
 * Bugs that tier 1 must find: each a change of production code as somebody might make it in good faith. A change names
 * the text it replaces, which must stand there exactly once: when the code has moved, the gate says so.
 */

import type { Invariant } from './violation.contract.ts';

export interface Change {
  /** In `src/`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface Mutation {
  readonly bug: string;
  readonly changes: readonly Change[];
  /** What the judge may call it: whichever of these it meets first. */
  readonly breaks: readonly Invariant[];
}

const follower = 'projections/followed/follower.ts';
const gate = 'return user.freshness.isFresh(monotonic, wall) && this.#realm.freshness.isFresh(monotonic, wall);';

export const mutations: readonly Mutation[] = [
  {
    bug: 'the gate is off',
    changes: [{ file: follower, from: gate, to: 'return monotonic + wall > 0;' }],
    breaks: ['I12', 'I1', 'I16'],
  },
  {
    bug: "the beat's time is taken at the reply",
    changes: [
      {
        file: 'projections/followed/beats.ts',
        from: '        onOutcome(followed, followed.freshness.answered(beat, position));',
        to: `        Object.assign(beat.sent, { monotonicMillis: clock.monotonicMillis(), wallMillis: clock.wallMillis() });
        onOutcome(followed, followed.freshness.answered(beat, position));`,
      },
    ],
    breaks: ['I12', 'I1'],
  },
  {
    bug: '`$` on reconnect of the tail',
    changes: [
      {
        file: follower,
        from: '    const waitMillis = Math.min(',
        to: '    let isReconnecting = false;\n    const waitMillis = Math.min(',
      },
      {
        file: follower,
        from: 'after.set(partition, resumeId);',
        to: "after.set(partition, isReconnecting ? '$' : resumeId);",
      },
      {
        file: follower,
        from: "this.#reporter.regained('tail');",
        to: "this.#reporter.regained('tail');\n        if (entries.length > 0) isReconnecting = false;",
      },
      {
        file: follower,
        from: "this.#reporter.lost('tail', error);",
        to: "this.#reporter.lost('tail', error);\n        isReconnecting = true;",
      },
    ],
    // The beats tell of events that never come, so it fails closed: it never recovers.
    breaks: ['I12', 'I14', 'I13'],
  },
  {
    bug: "WAIT's number is ignored",
    changes: [
      {
        file: 'eventlog/replication.ts',
        from: 'if (confirmed >= wanted) return;',
        to: 'if (confirmed >= 0 * wanted) return;',
      },
    ],
    // A primary that was replaced is believed: it knows neither what ended since, nor what was refreshed.
    breaks: ['I2', 'I1', 'I4', 'I5', 'I8'],
  },
  {
    bug: 'a rebuild that forgets',
    changes: [
      {
        file: 'projections/followed/followed-revocations.ts',
        from: 'const census = this.#revocations.census(partition);',
        to: 'this.#revocations.forget(partition);\n    const census = this.#revocations.census(partition);',
      },
      {
        file: 'projections/followed/revocation-set.ts',
        from: '  /** Of two expiries the later one holds. */',
        to: `  forget(partition: Partition): void {
    if (typeof partition === 'number') this.#tables[partition] = undefined;
  }

  /** Of two expiries the later one holds. */`,
      },
    ],
    breaks: ['I2', 'I4', 'I1'],
  },
  {
    bug: 'a rebuild that does not tell the log what it has lost',
    changes: [
      {
        file: 'projections/followed/followed-revocations.ts',
        from: 'await restoreRevocations(this.#context, partition, page);',
        to: 'await Promise.resolve(page);',
      },
    ],
    breaks: ['I1', 'I2', 'I4', 'I14'],
  },
  {
    bug: 'the node id is used again after a restart',
    changes: [
      {
        file: 'projections/followed/node-membership.ts',
        from: "return random(16).toString('base64url');",
        to: "return random(16).fill(0).toString('base64url');",
      },
    ],
    breaks: ['I1'],
  },
  {
    bug: 'the denylist without leeway',
    changes: [
      {
        file: 'domain/policy.ts',
        from: 'return expiresAtMillis + policy.leewayMillis + policy.skewMillis;',
        to: 'return expiresAtMillis + 0 * policy.leewayMillis;',
      },
    ],
    breaks: ['I1', 'I4', 'I7'],
  },
  {
    bug: 'the realm partition left out of the gate',
    changes: [{ file: follower, from: gate, to: 'return user.freshness.isFresh(monotonic, wall);' }],
    breaks: ['I12', 'I16'],
  },
];
