/** The order in which faults are inflicted: as the scenario says it, and from the first again for each further trial. */

import { type FaultName, type FaultsPlan, failoverFaultNames } from './fault-schema.ts';

/** All contestants at once: the servers are broken for all of them, and the lab waits but once. */
export interface FaultAction {
  readonly kind: 'fault';
  readonly fault: FaultName;
  /** From 1. */
  readonly trial: number;
}

export function faultActions({ inflicted, trials }: FaultsPlan): FaultAction[] {
  return Array.from({ length: trials }, (_, before) =>
    inflicted.map((fault): FaultAction => ({ kind: 'fault', fault, trial: before + 1 })),
  ).flat();
}

/** From runs on a two-core machine: servers, nodes and logins; what comes before and after the fault; and the fault. */
export function faultEstimateMillis({ fault }: FaultAction, stalenessLimitMillis: number): number {
  const isGroup = failoverFaultNames.some((name) => name === fault);
  return (isGroup ? 17_000 : 11_000) + stalenessLimitMillis;
}
