/** What clients and administrators do in a run, in any order: commands for fast-check, made of plain numbers. */

import fc from 'fast-check';
import type { Session } from './history.contract.ts';
import type { Run, Stage } from './run.contract.ts';
import type { World } from './world.contract.ts';

/** Nothing that a command would have to know before: whatever it names is taken modulo what there is. */
type Model = Record<string, never>;
export type Step = fc.AsyncCommand<Model, Run>;

/** A command by its name, so that a failing run reads like a story. */
export function step<Facts>(
  name: string,
  facts: fc.Arbitrary<Facts>,
  act: (stage: Stage, facts: Facts) => void,
  then: fc.Arbitrary<number> = fc.integer({ min: 0, max: 120 }),
): fc.Arbitrary<Step> {
  return fc.tuple(facts, then).map(([given, millis]) => ({
    check: () => true,
    run: (_, run) => run.step((stage) => act(stage, given), millis),
    toString: () => `${name}(${JSON.stringify(given)}, then ${millis} ms)`,
  }));
}

export const users = ['ada', 'ben', 'cleo'] as const;
export const strategies = [
  'hybrid-hs256',
  'hybrid-strict-hs256',
  'denylist-hs256',
  'epoch-hs256',
  'reference-token',
  'jwt-hs256',
] as const;

export const index = fc.nat({ max: 7 });
export const user = fc.constantFrom(...users);
export const strategy = fc.constantFrom(...strategies, 'hybrid-hs256', 'hybrid-strict-hs256');

export function sessionAt({ history: { sessions } }: World, at: number): Session | undefined {
  return sessions[sessions.length - 1 - (at % Math.max(1, sessions.length))];
}

const named = fc.record({ session: index, node: index });

const login = step('login', fc.record({ user, strategy, node: index }), ({ world, clients }, facts) =>
  clients.login(world.nodeAt(facts.node), facts.user, facts.strategy),
);

const use = step('use', named, ({ world, clients }, { session, node }) => {
  const token = sessionAt(world, session)?.accessTokens.at(-1);
  if (token !== undefined) clients.use(world.nodeAt(node), token);
});

const useElsewhere = step(
  'useElsewhere',
  fc.record({ session: index, node: index, strategy }),
  ({ world, clients }, facts) => {
    const token = sessionAt(world, facts.session)?.accessTokens.at(-1);
    if (token === undefined || token.session.strategy === facts.strategy) return;
    clients.useElsewhere(world.nodeAt(facts.node), token, facts.strategy);
  },
);

const refresh = step('refresh', named, ({ world, clients }, { session, node }) => {
  const token = sessionAt(world, session)?.refreshTokens.at(-1);
  if (token !== undefined) clients.refresh(world.nodeAt(node), token);
});

/** Two tabs of one browser. */
const refreshTwice = step(
  'refreshTwice',
  fc.record({ session: index, nodes: fc.tuple(index, index) }),
  (stage, facts) => {
    const token = sessionAt(stage.world, facts.session)?.refreshTokens.at(-1);
    if (token !== undefined) for (const node of facts.nodes) stage.clients.refresh(stage.world.nodeAt(node), token);
  },
);

const replayOld = step('replayOld', fc.record({ session: index, node: index, generation: index }), (stage, facts) => {
  const tokens = sessionAt(stage.world, facts.session)?.refreshTokens ?? [];
  const token = tokens[facts.generation % Math.max(1, tokens.length)];
  if (token !== undefined) stage.clients.refresh(stage.world.nodeAt(facts.node), token);
});

const logout = step('logout', named, ({ world, clients }, { session, node }) => {
  const ended = sessionAt(world, session);
  if (ended !== undefined) clients.logout(world.nodeAt(node), ended);
});

const endAll = step(
  'endAll',
  fc.record({ session: index, node: index, kind: fc.constantFrom('logout-all' as const, 'change-password' as const) }),
  ({ world, clients }, { session, node, kind }) => {
    const shown = sessionAt(world, session);
    if (shown !== undefined) clients.endAll(world.nodeAt(node), shown, kind);
  },
);

const rotateKeys = step(
  'rotateKeys',
  fc.record({ node: index, isEmergency: fc.boolean() }),
  ({ world, clients }, facts) => clients.rotateKeys(world.nodeAt(facts.node), facts.isEmergency),
);

const wait = step('wait', fc.constant(null), () => undefined, fc.integer({ min: 100, max: 2_500 }));

/** As often as they stand here. */
export const actions: readonly fc.Arbitrary<Step>[] = [
  login,
  login,
  login,
  use,
  use,
  useElsewhere,
  refresh,
  refresh,
  refreshTwice,
  replayOld,
  logout,
  logout,
  endAll,
  rotateKeys,
  wait,
  wait,
];
