/** What a scenario may ask of chaos: random histories, each a pure function of its seed, over one kind of Redis. */

import { z } from 'zod';

export const chaosTopologies = ['one', 'sentinel', 'cluster'] as const;

/** What is done to Redis, to a node, or to what lies between them, in the middle of a history. */
export const chaosFaultNames = [
  'redis-killed',
  'redis-paused',
  'redis-slow',
  'log-trimmed',
  'node-cut-off',
  'node-cut-off-one-way',
  'node-paused',
  'node-killed',
  'sentinel-failover',
  'replication-stalled',
  'cluster-master-paused',
  'cluster-slot-moved',
] as const;

/** Within what the configuration promises to survive (invariant I2), by topology. */
export const chaosFaultsOn: Readonly<Record<ChaosTopology, readonly ChaosFaultName[]>> = {
  one: [
    'redis-killed',
    'redis-paused',
    'redis-slow',
    'log-trimmed',
    'node-cut-off',
    'node-cut-off-one-way',
    'node-paused',
    'node-killed',
  ],
  sentinel: ['sentinel-failover', 'replication-stalled', 'node-paused', 'node-killed'],
  cluster: ['cluster-master-paused', 'cluster-slot-moved', 'node-paused', 'node-killed'],
};

export const chaosSchema = z
  .strictObject({
    topology: z.enum(chaosTopologies).default('one'),
    /** Histories: of the scenario's seed and the numbers that follow it. */
    seeds: z.number().int().min(1).max(1_000).default(1),
    /** Of one history, without its servers' start and the last word on every credential. */
    durationMillis: z.number().int().min(1_000).max(600_000).default(30_000),
    nodes: z.number().int().min(2).max(4).default(2),
    /** Which are drawn from; absent: all that the topology has. */
    faults: z.array(z.enum(chaosFaultNames)).min(1).optional(),
  })
  .superRefine(({ topology, faults }, context) => {
    for (const [index, fault] of (faults ?? []).entries()) {
      if (chaosFaultsOn[topology].includes(fault)) continue;
      const message = `cannot be inflicted on topology ${topology}: there are ${chaosFaultsOn[topology].join(', ')}`;
      context.addIssue({ code: 'custom', path: ['faults', index], message });
    }
  });

export type ChaosPlan = z.infer<typeof chaosSchema>;
export type ChaosTopology = (typeof chaosTopologies)[number];
export type ChaosFaultName = (typeof chaosFaultNames)[number];
