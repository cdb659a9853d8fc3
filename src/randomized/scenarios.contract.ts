/**
 * Short plots whose moments are chosen at random: where the interesting order of things is a matter of milliseconds,
 * chance alone would need hours to meet it. They only arrange; what is right is judged as everywhere.
 */

import fc from 'fast-check';
import { beginLag, crash, pauseNode, stall } from './faults.contract.ts';
import type { Session } from './history.contract.ts';
import type { NodeProcess } from './node-process.contract.ts';
import type { Stage } from './run.contract.ts';
import { index, type Step, step, strategies, user } from './steps.contract.ts';

const between = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const revocable = fc.constantFrom(...strategies.filter((name) => name !== 'jwt-hs256'));
const followed = fc.constantFrom('hybrid-hs256', 'hybrid-strict-hs256');
const rest = between(50, 150);

/** A moment of the plot, so many milliseconds after its beginning. */
function at({ world }: Stage, millis: number, act: () => void): void {
  world.time.plan(world.clients, millis, act);
}

/** Until a login has been answered, if it is; and until what was stuck is not any more. */
const loginMillis = 80;

interface Cast {
  readonly user: string;
  readonly strategy: string;
  /** Where the session is begun and ended; the other is the next. */
  readonly node: number;
}

const cast = (strategy: fc.Arbitrary<string>): fc.Arbitrary<Cast> => fc.record({ user, strategy, node: index });

/** Who acts, and who is acted upon, and how the session is called once it is there. */
function enter(stage: Stage, { user: name, strategy, node }: Cast) {
  const { world, clients } = stage;
  const actor: NodeProcess = world.nodeAt(node);
  const other: NodeProcess = world.nodeAt(node + 1);
  clients.login(actor, name, strategy);
  const session = (): Session | undefined =>
    world.history.sessions.findLast((known) => known.user === name && known.strategy === strategy);
  const logout = (): void => {
    const begun = session();
    if (begun !== undefined) clients.logout(actor, begun);
  };
  const use = (process: NodeProcess): void => {
    const token = session()?.accessTokens.at(-1);
    if (token !== undefined) clients.use(process, token);
  };
  return { actor, other, session, logout, use };
}

/** A node hears nothing any more, or only half of it, while a session ends elsewhere. */
const blind = step(
  'blind',
  fc.record({ cast: cast(revocable), from: between(0, 300), logoutAt: between(0, 400), isTailOnly: fc.boolean() }),
  (stage, { cast: given, from, logoutAt, isTailOnly }) => {
    const { other, logout } = enter(stage, given);
    at(stage, loginMillis + from, () => {
      const stuck = stall(stage.world, other, isTailOnly ? { channel: 'tail' } : { way: 'reply' });
      at(stage, 2_400, () => stage.world.disturbances.end(stuck, from % 2 === 0));
    });
    at(stage, loginMillis + from + logoutAt, logout);
  },
  between(3_300, 3_600),
);

/** Beats are answered, but late; then nothing is. How fresh the node is depends on when they were sent. */
const lateBeats = step(
  'lateBeats',
  fc.record({ cast: cast(followed), lateMillis: between(120, 390), logoutAfter: between(0, 200) }),
  (stage, { cast: given, lateMillis, logoutAfter }) => {
    const { world } = stage;
    const { other, logout, use } = enter(stage, given);
    at(stage, loginMillis, () => {
      const tail = stall(world, other, { channel: 'tail' });
      const beats = stall(world, other, { channel: 'beats', way: 'reply' });
      at(stage, lateMillis, () => world.disturbances.end(beats, true));
      at(stage, lateMillis + 20, () => {
        const all = stall(world, other, {});
        at(stage, 1_700, () => world.disturbances.end(all, false));
      });
      at(stage, 2_000, () => world.disturbances.end(tail, false));
    });
    at(stage, loginMillis + logoutAfter, logout);
    for (let probe = 0; probe < 12; probe += 1) at(stage, loginMillis + 950 + 40 * probe, () => use(other));
  },
  between(2_200, 2_400),
);

/** A key is retired while a node has no contact with the realm's partition, and all with the user's. */
const blindToKeys = step(
  'blindToKeys',
  cast(followed),
  (stage, given) => {
    const { world, clients } = stage;
    const { actor, other, use } = enter(stage, given);
    at(stage, loginMillis, () => {
      const stuck = stall(world, other, { partition: 'realm' });
      clients.rotateKeys(actor, true);
      at(stage, 4_600, () => world.disturbances.end(stuck, true));
    });
    for (let probe = 0; probe < 7; probe += 1) at(stage, 1_500 + 500 * probe, () => use(other));
  },
  between(4_700, 4_900),
);

/** The session ends while a process stands still, and its place is taken; then it goes on. */
const zombie = step(
  'zombie',
  fc.record({
    cast: cast(followed),
    logoutAt: between(120, 700),
    resumeAfter: between(20, 500),
    isReplaced: fc.boolean(),
    suspends: fc.boolean(),
  }),
  (stage, { cast: given, logoutAt, resumeAfter, isReplaced, suspends }) => {
    const { world } = stage;
    const { other, logout } = enter(stage, given);
    at(stage, loginMillis, () => {
      const before = world.disturbances.active;
      pauseNode(world, other, suspends);
      const pause = world.disturbances.active.find((active) => !before.includes(active));
      if (isReplaced) world.startNode(world.slots.indexOf(other));
      at(stage, logoutAt, logout);
      at(stage, logoutAt + resumeAfter, () => pause && world.disturbances.end(pause, true));
    });
  },
  between(1_300, 2_600),
);

/** What was written last is gone with the server: a promotion, or a crash. */
const lostTail = step(
  'lostTail',
  fc.record({
    cast: cast(revocable),
    logoutAt: between(5, 200),
    crashAfter: between(30, 600),
    isPromotion: fc.boolean(),
  }),
  (stage, { cast: given, logoutAt, crashAfter, isPromotion }) => {
    const { world } = stage;
    const { logout } = enter(stage, given);
    at(stage, loginMillis, () => beginLag(world));
    at(stage, loginMillis + logoutAt, logout);
    at(stage, loginMillis + logoutAt + crashAfter, () =>
      crash(world, { kind: isPromotion ? 'promotion' : 'restart', downMillis: 100, lateMillis: crashAfter }),
    );
  },
  rest.map((millis) => millis + loginMillis + 900),
);

/** A session ends right after it began: its tokens would have lived longest. */
const shortLife = step(
  'shortLife',
  fc.record({ cast: cast(revocable), logoutAt: between(0, 500) }),
  (stage, { cast: given, logoutAt }) => {
    const { logout } = enter(stage, given);
    at(stage, loginMillis + logoutAt, logout);
  },
  between(700, 4_600),
);

/** As often as they stand here. */
export const scenarios: readonly fc.Arbitrary<Step>[] = [
  blind,
  lateBeats,
  blindToKeys,
  zombie,
  zombie,
  lostTail,
  lostTail,
  shortLife,
];
