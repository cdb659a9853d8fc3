/** The whole check of a request as its strategy makes it: from the header to who is asking, with a follower that follows. */

import { MemoryEventLog } from '../../src/eventlog/memory-event-log.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandomBytes } from '../../src/kernel/random.ts';
import { KeyRing } from '../../src/keys/key-ring.ts';
import { newSignatureKey } from '../../src/keys/new-key.ts';
import { LogFollower } from '../../src/projections/followed/follower.ts';
import { createStrategy } from '../../src/strategies/registry.ts';
import type { Exchange, Strategy } from '../../src/strategies/strategy.ts';
import { inTurns } from './made-tokens.ts';
import type { Path } from './measure.ts';

const hourMillis = 3_600_000;
const floor = 'jwt-hs256+cache';
const names = [floor, 'hybrid-hs256+cache', 'jwt-hs256', 'hybrid-hs256'];

export interface OpenPaths {
  readonly paths: readonly Path[];
  /** Until then something goes on beside them. */
  close(): Promise<void>;
}

const cookies: Exchange['cookies'] = { get: () => undefined, set: () => undefined };

/** Resolves when a node would answer. Its log is in memory: what is measured asks none. */
export async function checkPaths(count: number): Promise<OpenPaths> {
  const log = new MemoryEventLog({ partitions: 1, clock: systemClock });
  const follower = new LogFollower({
    ...{ log, clock: systemClock, random: systemRandomBytes, tokenAcceptedMillis: hourMillis },
    ...{ beatIntervalMillis: 250, stalenessLimitMillis: 60_000, following: 'everything' },
  });
  await follower.start();
  const keys = new KeyRing({ secret: systemRandomBytes(32) });
  const key = await newSignatureKey('hs256', systemRandomBytes);
  keys.add(key);
  keys.activate('hs256', key.kid);
  const policy = {
    ...{ accessTokenMillis: hourMillis, inactivityMillis: hourMillis, absoluteMillis: hourMillis },
    ...{ leewayMillis: 0, skewMillis: 0, refreshGraceMillis: 0, maximumSessions: 20 },
  };
  const context = { log, clock: systemClock, random: systemRandomBytes, policy, deadlineMillis: 5_000 };
  const records = { read: () => null };
  const dependencies = { context, keys, issuer: 'https://paths.invalid', revocations: follower, records };
  const group = `the check of a request, ${count.toLocaleString('en-US')} tokens in turns`;
  const paths: Path[] = [];
  for (const name of names) {
    const strategy = createStrategy(name, dependencies);
    const headers = await headersOf(strategy, count);
    const turn = checkTurn(strategy, inTurns(headers));
    // So that all that are to be remembered are.
    turn(count);
    paths.push({ group, name, floor, turn });
  }
  return {
    paths,
    async close() {
      await follower.stop();
      await log.close();
    },
  };
}

async function headersOf(strategy: Strategy, count: number): Promise<Buffer[]> {
  const headers: Buffer[] = [];
  for (let number = 0; number < count; number += 1) {
    const sub = `user-${String(number).padStart(6, '0')}`;
    const login = await strategy.login({ headers: {}, cookies, mountPath: '' }, { sub, roles: ['user'] });
    if (!login.ok) throw new Error(login.refusal);
    headers.push(Buffer.from(`Bearer ${login.grant.accessToken}`));
  }
  return headers;
}

/** Throws when somebody is refused. */
function checkTurn(strategy: Strategy, next: () => string): (times: number) => void {
  return (times) => {
    for (let left = times; left > 0; left -= 1) {
      const judged = strategy.authenticate({ headers: { authorization: next() }, cookies, mountPath: '' });
      if (judged instanceof Promise || !judged.ok) throw new Error('a genuine token was refused');
    }
  };
}
