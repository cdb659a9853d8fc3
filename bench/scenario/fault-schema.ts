/** What a scenario may ask about faults: which are inflicted, one after the other, on all of its strategies at once. */

import { z } from 'zod';

/** On one Redis of their own, or on the nodes before it. */
export const oneRedisFaultNames = [
  'redis-killed',
  'redis-paused',
  'redis-slow',
  'redis-restarted-empty',
  'redis-full',
  'redis-evicting',
  'redis-evicting-records',
  'redis-replica-of-nothing',
  'redis-min-replicas',
  'node-paused',
  'node-killed',
  'node-cut-off-one-way',
  'node-cut-off',
  'log-trimmed',
  'node-clock-ahead',
  'node-clock-behind',
] as const;

/** On a group that Sentinels watch, or on a Cluster. */
export const failoverFaultNames = [
  'sentinel-failover',
  'sentinel-failover-unconfirmed',
  'replication-stalled',
  'replication-stalled-unconfirmed',
  'cluster-master-paused',
  'cluster-slot-moved',
] as const;

export const faultNames = [...oneRedisFaultNames, ...failoverFaultNames] as const;

export const faultsSchema = z.strictObject({
  /** In this order. */
  inflicted: z.array(z.enum(faultNames)).min(1),
  /** How often each; every time on servers of its own. */
  trials: z.number().int().min(1).max(20).default(1),
  /** That serve all strategies of the scenario together. */
  nodes: z.number().int().min(2).max(4).default(2),
});

export type FaultsPlan = z.infer<typeof faultsSchema>;
export type FaultName = (typeof oneRedisFaultNames)[number] | (typeof failoverFaultNames)[number];
