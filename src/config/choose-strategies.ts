/** Which strategies a server mounts, and which of them at the root. */

import { parseStrategyName, strategyNames } from '../strategies/registry.ts';
import type { Complain, Values } from './reading.ts';

/** Mounted at the root unless told otherwise: local checks, and revocation within a bound. */
const preferred = 'hybrid-hs256';

export interface StrategyChoice {
  readonly strategy: string;
  readonly strategies: readonly string[];
}

/** Chooses among what was asked for. Not asked: every strategy, and of these the preferred one, or else the first. */
export function chooseStrategies(values: Values, complain: Complain): StrategyChoice {
  const strategies = values.strategies ?? strategyNames();
  for (const name of strategies) judge('strategies', name, complain);
  const repeated = strategies.find((name, index) => strategies.indexOf(name) !== index);
  if (repeated !== undefined) complain(['strategies'], `${repeated} stands here twice`);

  const fallback = strategies.includes(preferred) ? preferred : (strategies[0] ?? preferred);
  const strategy = values.strategy ?? fallback;
  if (!strategies.includes(strategy) && judge('strategy', strategy, complain)) {
    complain(['strategy', 'strategies'], `${strategy} is the default strategy but not among strategies`);
  }
  return { strategy, strategies };
}

/** Whether there is a strategy of this name; else complains. */
function judge(setting: 'strategy' | 'strategies', name: string, complain: Complain): boolean {
  const parsed = parseStrategyName(name);
  if (!parsed.ok) complain([setting], parsed.fault.message);
  return parsed.ok;
}
