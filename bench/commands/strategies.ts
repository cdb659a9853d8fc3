/** `authlab strategies`: every family with its traits, its bound B, and what it cannot do by design. */

import { Command } from 'commander';
import { defaultLimits } from '../../src/server.ts';
import { parseStrategyName, strategyNames, traitsOf, variantNames } from '../../src/strategies/registry.ts';
import { type BoundLimits, familiesOf, familiesText, type NamedStrategy } from './strategy-families.ts';

export const strategiesCommand = new Command('strategies')
  .description('list every family with its algorithms and parameters, its traits and its bound B')
  .option('--json', 'every strategy with all its traits, as JSON')
  .action((flags: { readonly json?: boolean }) => {
    if (flags.json === true) process.stdout.write(`${JSON.stringify(everyStrategy(), null, 2)}\n`);
    else process.stdout.write(familiesText(familiesOf(everyStrategy()), limits()));
  });

/** Those with their default library first. */
function everyStrategy(): readonly NamedStrategy[] {
  return [...strategyNames(), ...variantNames()].map((name) => {
    const parsed = parseStrategyName(name);
    const algorithm = parsed.ok ? parsed.value.algorithm : undefined;
    return { name, ...(algorithm === undefined ? {} : { algorithm }), ...traitsOf(name) };
  });
}

function limits(): BoundLimits {
  const { stalenessLimitMillis, accessTokenLifetimeSeconds, inactivityTimeoutSeconds, leewaySeconds } = defaultLimits();
  return { stalenessLimitMillis, accessTokenLifetimeSeconds, inactivityTimeoutSeconds, leewaySeconds };
}
