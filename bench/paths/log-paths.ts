/** What a login and a refresh append to the log in Redis, and how long they take, one after the other and many at once. */

import { randomUUID } from 'node:crypto';
import type { CommandContext } from '../../src/application/context.ts';
import { refreshSession } from '../../src/application/refresh-session.ts';
import { startSession } from '../../src/application/start-session.ts';
import { newSessionId } from '../../src/domain/session-id.ts';
import type { EventLog } from '../../src/eventlog/port.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { sha256 } from '../../src/kernel/digest.ts';
import { systemRandomBytes } from '../../src/kernel/random.ts';
import type { Path } from './measure.ts';

const hourMillis = 3_600_000;
const strategy = 'paths';
const atOnce = 16;

export function logPaths(log: EventLog): Path[] {
  const policy = {
    ...{ accessTokenMillis: hourMillis, inactivityMillis: hourMillis, absoluteMillis: hourMillis },
    ...{ leewayMillis: 0, skewMillis: 0, refreshGraceMillis: 0, maximumSessions: 20 },
  };
  const context = { log, clock: systemClock, random: systemRandomBytes, policy, deadlineMillis: 5_000 };
  const group = 'the log in Redis, round trips included';
  const floor = 'read a record';
  const nothing = { kind: 'session', id: 'nothing' } as const;
  return [
    { group, name: floor, floor, turn: oneByOne(() => log.readRecord(0, nothing)) },
    { group, name: `${floor}, ${atOnce} at once`, floor, turn: together(() => log.readRecord(0, nothing)) },
    { group, name: 'append: a session starts', floor, turn: oneByOne(() => start(context, sha256('token'))) },
    { group, name: `append, ${atOnce} at once`, floor, turn: together(() => start(context, sha256('token'))) },
    { group, name: 'rotate: a session is refreshed', floor, turn: rotations(context) },
  ];
}

function oneByOne(act: () => Promise<unknown>): Path['turn'] {
  return async (times) => {
    for (let left = times; left > 0; left -= 1) await act();
  };
}

function together(act: () => Promise<unknown>): Path['turn'] {
  return async (times) => {
    for (let left = times; left > 0; left -= atOnce) {
      await Promise.all(Array.from({ length: Math.min(left, atOnce) }, act));
    }
  };
}

/** Each by a user of its own: nobody has too many. */
async function start(context: CommandContext, refreshDigest: string): Promise<string> {
  const sub = randomUUID();
  const sid = newSessionId(context.log.partitionOfUser(sub), context.random);
  const session = { sid, sub, roles: ['user'], strategy, revocation: 'followed' as const, refreshDigest };
  const started = await startSession(context, session);
  if (!started.ok) throw new Error(started.refusal);
  return sid;
}

function rotations(context: CommandContext): Path['turn'] {
  let number = 0;
  let sid: string | null = null;
  return async (times) => {
    sid ??= await start(context, sha256('token-0'));
    for (let left = times; left > 0; left -= 1, number += 1) {
      const [presentedDigest, successorDigest] = [sha256(`token-${number}`), sha256(`token-${number + 1}`)];
      const refreshed = await refreshSession(context, { sid, strategy, presentedDigest, successorDigest });
      if (!refreshed.ok) throw new Error(refreshed.refusal);
    }
  };
}
