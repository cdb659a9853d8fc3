/** What a node knows of revocations: asked by every request of a hybrid, and folded from the log. */

import { newSessionId } from '../../src/domain/session-id.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandomBytes } from '../../src/kernel/random.ts';
import { RevocationSet } from '../../src/projections/followed/revocation-set.ts';
import { revocationsOf } from '../../src/projections/followed/revocations-of.ts';
import type { Path } from './measure.ts';

const asked = 1_000;
const lifetimeMillis = 3_600_000;

export function revocationPaths(entries: number): Path[] {
  const group = 'is this session revoked?';
  const name = (count: number) => `with ${count.toLocaleString('en-US')} revocations`;
  const floor = name(0);
  return [0, entries].map((count) => ({ group, name: name(count), floor, turn: askTurn(filled(count)) }));
}

export function foldPaths(): Path[] {
  const set = filled(0);
  const expiresAtMillis = systemClock.wallMillis() + lifetimeMillis;
  const sids = Array.from({ length: 100_000 }, () => newSessionId(0, systemRandomBytes));
  let next = 0;
  const turn = (times: number) => {
    for (let left = times; left > 0; left -= 1) {
      const sid = sids[next] ?? '';
      next = next + 1 === sids.length ? 0 : next + 1;
      const event = {
        ...{ type: 'SessionTerminated' as const, atMillis: 0, sub: 'user', sid, reason: 'logout' as const },
        ...{ revocation: 'followed' as const, acceptableUntilMillis: expiresAtMillis },
      };
      for (const entry of revocationsOf(event)) set.add(entry);
    }
  };
  return [{ group: 'fold a revocation from the log', name: 'into the set', floor: 'into the set', turn }];
}

function filled(count: number): RevocationSet {
  const set = new RevocationSet(systemClock);
  const expiresAtMillis = systemClock.wallMillis() + lifetimeMillis;
  for (let left = count; left > 0; left -= 1) set.add({ id: newSessionId(0, systemRandomBytes), expiresAtMillis });
  return set;
}

function askTurn(set: RevocationSet): Path['turn'] {
  const sids = Array.from({ length: asked }, () => newSessionId(0, systemRandomBytes));
  return (times) => {
    for (let left = times; left > 0; left -= 1)
      if (set.has(sids[left % asked] ?? '')) throw new Error('was never revoked');
  };
}
