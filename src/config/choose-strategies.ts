/** Which strategies a server mounts, and which of them at the root. */

import { algorithms } from '../keys/algorithms.ts';
import { parseStrategyName, strategyNames } from '../strategies/registry.ts';
import type { Complain, Values } from './reading.ts';
import { rsaRemedy } from './secrets.ts';

/** Mounted at the root unless told otherwise: local checks, and revocation within a bound. */
const preferred = 'hybrid-hs256';

export interface StrategyChoice {
  readonly strategy: string;
  readonly strategies: readonly string[];
}

/**
 * Chooses among what was asked for. Not asked: every strategy whose key is there, and of these the preferred one, or
 * else the first.
 * @param rsaKey whether there is, or will be, a private key for RS256
 */
export function chooseStrategies(values: Values, rsaKey: boolean, complain: Complain): StrategyChoice {
  const strategies = values.strategies ?? strategyNames().filter((name) => rsaKey || !needsPrivateKey(name));
  for (const name of strategies) judge('strategies', name, rsaKey, complain);
  const repeated = strategies.find((name, index) => strategies.indexOf(name) !== index);
  if (repeated !== undefined) complain(['strategies'], `${repeated} stands here twice`);

  const fallback = strategies.includes(preferred) ? preferred : (strategies[0] ?? preferred);
  const strategy = values.strategy ?? fallback;
  if (!strategies.includes(strategy) && judge('strategy', strategy, rsaKey, complain)) {
    complain(['strategy', 'strategies'], `${strategy} is the default strategy but not among strategies`);
  }
  return { strategy, strategies };
}

/** Whether the name is good and can be built; else complains. */
function judge(setting: 'strategy' | 'strategies', name: string, rsaKey: boolean, complain: Complain): boolean {
  const parsed = parseStrategyName(name);
  if (!parsed.ok) complain([setting], parsed.fault.message);
  else if (!rsaKey && needsPrivateKey(name)) complain([setting], `${name} needs an RSA private key; ${rsaRemedy}`);
  else return true;
  return false;
}

function needsPrivateKey(name: string): boolean {
  const parsed = parseStrategyName(name);
  const algorithm = parsed.ok ? parsed.value.algorithm : undefined;
  return algorithm !== undefined && algorithms[algorithm].key.kind === 'pair';
}

/** Whether one of them signs with a private key. */
export function someNeedPrivateKey(names: readonly string[]): boolean {
  return names.some(needsPrivateKey);
}
