/** What is allowed and still worth a word when a server starts. */

import type { Config } from '../config.ts';
import { nearest } from '../kernel/nearest.ts';
import { environmentName } from '../kernel/settings-layers.ts';
import { isLoopbackHost } from './cross-checks.ts';
import { settings } from './settings.ts';

const knownVariables: ReadonlySet<string> = new Set(['AUTHLAB_CONFIG', ...Object.keys(settings).map(environmentName)]);

/** Sentences for the operator; none of them holds a value that could be secret. */
export function warningsOf(
  config: Config,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const warnings: string[] = [];
  if (config.secret === null) {
    warnings.push(
      'The secret of this server was made now: other nodes and the next start do not know what this one has issued.',
    );
  }
  if (config.lab && !isLoopbackHost(config.host)) {
    warnings.push(`A lab node listens on ${config.host}: whoever reaches it can log in as any lab user.`);
  }
  if (config.plainHttp === 'any') warnings.push('Plain HTTP is served to everybody: credentials travel in the clear.');
  if (config.plainHttp === 'refuse' && !config.trustProxy) {
    warnings.push(
      'Strategies answer no request: this server has no TLS of its own. Put a proxy with TLS in front and set ' +
        'trustProxy, or for development set plainHttp to loopback.',
    );
  }
  if (config.replicas === 0 && !/^rediss?:/.test(config.redisUrl)) {
    warnings.push(
      'Redis can fail over, and no replica has to confirm a write: a failover may forget acknowledged revocations. ' +
        'Set replicas to 1 or more.',
    );
  }
  for (const variable of Object.keys(environment)) {
    if (!variable.startsWith('AUTHLAB_') || knownVariables.has(variable)) continue;
    const near = nearest(variable, knownVariables);
    warnings.push(`The environment variable ${variable} is unknown${near === null ? '' : `; did you mean ${near}?`}`);
  }
  return warnings;
}
