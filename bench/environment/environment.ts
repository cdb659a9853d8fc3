/** What a run stands on: processes that die with it, a Redis of its own, and server nodes. Interfaces only. */

import type { MachineFacts, RedisFacts } from '../record/run-events.ts';

/** A child process that cannot outlive the lab, even when the lab is killed with SIGKILL. */
export interface ChildHandle {
  readonly pid: number;
  readonly name: string;
  /** Settles when the process has ended, however it ended. Never rejects. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Last lines of its output, for the message when it crashed. */
  lastOutput(lines: number): Promise<string>;
  signal(signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** SIGCONT + SIGTERM, then SIGKILL after `graceMillis`; returns when it is gone. */
  stop(graceMillis?: number): Promise<void>;
}

export interface ChildRequest {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Cores to pin to, where the system allows it (`taskset`). */
  readonly cores?: readonly number[];
}

/** Starts children through the watchdog process: pipe closed = everything killed, temporary folder removed. */
export interface Supervisor {
  /** A temporary folder that goes with the run. */
  readonly folder: string;
  start(request: ChildRequest): Promise<ChildHandle>;
  /** Stops everything, newest first, removes the folder. Safe to call twice. */
  close(): Promise<void>;
}

export interface LabRedis {
  readonly url: string;
  readonly facts: RedisFacts;
  /** Null when Redis was not started by us: then it can be neither paused nor pinned. */
  readonly child: ChildHandle | null;
}

/** One lab server, started with only the strategies asked for. */
export interface LabNode {
  readonly index: number;
  /** `http://127.0.0.1:port`, no slash at the end. */
  readonly baseUrl: string;
  readonly strategies: readonly string[];
  readonly child: ChildHandle;
}

export interface NodeRequest {
  readonly strategies: readonly string[];
  readonly redisUrl: string;
  /** Nodes of one realm share log and secrets; different realms share nothing. */
  readonly realm: string;
  readonly partitions: number;
  readonly beatIntervalMillis: number;
  readonly stalenessLimitMillis: number;
  readonly accessTokenLifetimeSeconds?: number;
  /** Absolute lifetime of a session, and so of a cookie session. */
  readonly sessionLifetimeSeconds?: number;
  readonly leewaySeconds?: number;
  /** Roles of every lab user. */
  readonly roles?: number;
  readonly secrets: LabSecrets;
  readonly cores?: readonly number[];
}

/** Fresh for each run; handed to the nodes in their environment, never on a command line, never written to the run. */
export interface LabSecrets {
  /** 32 bytes or more, base64url. */
  readonly secret: string;
  /** PKCS #8 PEM, RSA 3072. */
  readonly rs256PrivateKeyPem: string;
}

/** What `GET /lab/usage` of a lab node answers: counters since its start. */
export interface NodeUsage {
  readonly cpuMicros: number;
  readonly eventLoopActiveMillis: number;
  readonly eventLoopIdleMillis: number;
  readonly rssBytes: number;
}

export interface Environment {
  readonly supervisor: Supervisor;
  readonly redis: LabRedis;
  readonly machine: MachineFacts;
  startNode(request: NodeRequest): Promise<LabNode>;
}
