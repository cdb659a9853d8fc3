/** Every fault by its name. A further one is a file, a line here, and its name in `bench/scenario/fault-schema.ts`. */

import type { FaultName } from '../record/fault-events.ts';
import { clusterSlotMoved } from './cluster-slot-moved.ts';
import type { Fault } from './fault.ts';
import { logTrimmed } from './log-trimmed.ts';
import { nodeClockAhead, nodeClockBehind } from './node-clock-wrong.ts';
import { nodeCutOff, nodeCutOffOneWay } from './node-cut-off.ts';
import { nodeKilled } from './node-killed.ts';
import { nodePaused } from './node-paused.ts';
import { clusterMasterPaused, sentinelFailoverConfirmed, sentinelFailoverUnconfirmed } from './primary-paused.ts';
import { redisEvicting, redisEvictingRecords } from './redis-evicting.ts';
import { redisFull } from './redis-full.ts';
import { redisKilled } from './redis-killed.ts';
import { redisMinReplicas } from './redis-min-replicas.ts';
import { redisPaused } from './redis-paused.ts';
import { redisReplicaOfNothing } from './redis-replica-of-nothing.ts';
import { redisRestartedEmpty } from './redis-restarted-empty.ts';
import { redisSlow } from './redis-slow.ts';
import { replicationStalledConfirmed, replicationStalledUnconfirmed } from './replication-stalled.ts';

export const faults: Readonly<Record<FaultName, Fault>> = {
  'redis-killed': redisKilled,
  'redis-paused': redisPaused,
  'redis-slow': redisSlow,
  'redis-restarted-empty': redisRestartedEmpty,
  'redis-full': redisFull,
  'redis-evicting': redisEvicting,
  'redis-evicting-records': redisEvictingRecords,
  'redis-replica-of-nothing': redisReplicaOfNothing,
  'redis-min-replicas': redisMinReplicas,
  'node-paused': nodePaused,
  'node-killed': nodeKilled,
  'node-cut-off-one-way': nodeCutOffOneWay,
  'node-cut-off': nodeCutOff,
  'log-trimmed': logTrimmed,
  'node-clock-ahead': nodeClockAhead,
  'node-clock-behind': nodeClockBehind,
  'sentinel-failover': sentinelFailoverConfirmed,
  'sentinel-failover-unconfirmed': sentinelFailoverUnconfirmed,
  'replication-stalled': replicationStalledConfirmed,
  'replication-stalled-unconfirmed': replicationStalledUnconfirmed,
  'cluster-master-paused': clusterMasterPaused,
  'cluster-slot-moved': clusterSlotMoved,
};
