/** Chooses the topology that a Redis URL asks for. */

import { AuthlabError } from '../kernel/errors.ts';
import type { Partition } from './port.ts';
import { parseRedisAddress } from './redis-address.ts';
import { ClusterTopology } from './redis-cluster.ts';
import { SentinelTopology } from './redis-sentinel.ts';
import { SingleTopology } from './redis-single.ts';
import type { RedisTopology, TopologyOptions } from './redis-topology.ts';

/**
 * @param keyOf any key of a partition
 * @throws ERR_INPUT_INVALID for a URL of no known form; the message says what is wrong and quotes nothing
 */
export function openRedisTopology(
  url: string,
  options: TopologyOptions,
  keyOf: (partition: Partition) => string,
): RedisTopology {
  const parsed = parseRedisAddress(url);
  if (!parsed.ok) throw new AuthlabError('ERR_INPUT_INVALID', `the Redis URL ${parsed.message}`);
  switch (parsed.value.kind) {
    case 'single':
      return new SingleTopology(parsed.value);
    case 'sentinel':
      return new SentinelTopology(parsed.value, options);
    case 'cluster':
      return new ClusterTopology(parsed.value, options, keyOf);
  }
}
