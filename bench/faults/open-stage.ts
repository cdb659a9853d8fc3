/** Opens the world of a fault, in which it is ready to be inflicted. */

import { AuthlabError, isAuthlabError } from '../../src/kernel/errors.ts';
import type { FaultRedis } from '../record/fault-events.ts';
import type { Fault } from './fault.ts';
import { inflictIn, openTopology } from './open-topology.ts';
import { appendfsync } from './open-world.ts';
import type { Ground, Stage } from './worlds.ts';

export function redisOf(fault: Fault): FaultRedis {
  return { topology: fault.topology, replicas: fault.topology === 'one' ? 0 : fault.replicas, appendfsync };
}

/** As `openTopology`. */
export async function openStage(fault: Fault, ground: Ground): Promise<Stage> {
  const { opened, stage } = await openTopology(fault, ground);
  return {
    ...stage,
    inflict: () =>
      attempted(async () => {
        const mend = await inflictIn(opened, fault);
        return () => attempted(mend);
      }),
  };
}

/** What a Redis client throws tells of servers that did not do what was asked of them: of the environment, not of the lab. */
async function attempted<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || isAuthlabError(error) || error instanceof TypeError) throw error;
    throw new AuthlabError('ERR_ENVIRONMENT_REDIS', `the fault did not come about: ${error.message}`, { cause: error });
  }
}
