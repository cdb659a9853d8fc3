/** What a run stands on: processes that die with it, a Redis of its own, and server nodes. Interfaces only. */

import type { AuthlabError } from '../../src/kernel/errors.ts';
import type { MachineFacts, RedisFacts } from '../record/run-events.ts';

/** A child process that cannot outlive the lab, even when the lab is killed with SIGKILL. */
export interface ChildHandle {
  readonly pid: number;
  readonly name: string;
  /** Settles when the process has ended, however it ended. Never rejects. */
  readonly ended: Promise<ChildEnd>;
  /** Whether the lab itself has asked it to end, or killed it. */
  readonly isDismissed: boolean;
  /** Last lines of its output, for the message when it crashed. */
  lastOutput(lines: number): Promise<string>;
  /**
   * The first line of its output, past or to come, that passes.
   * @throws ERR_PART_CRASHED with its last lines, when it ended or `timeoutMillis` passed without such a line.
   */
  waitForOutput(test: RegExp | ((line: string) => boolean), timeoutMillis: number): Promise<string>;
  /** Resolves when the signal is with the kernel, or the child has already ended. Throws ERR_PART_CRASHED. */
  signal(signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** SIGCONT + SIGTERM, then SIGKILL after `graceMillis`; returns when it is gone. */
  stop(graceMillis?: number): Promise<void>;
}

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** Absent unless the watchdog ended, and took every child with it. */
  readonly watchdog?: AuthlabError;
}

export interface ChildRequest {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the lab's environment, from which authlab's own settings, REDIS_URL and NODE_OPTIONS are taken away. */
  readonly env?: Readonly<Record<string, string>>;
  /** Cores to pin to (`taskset`); take them from `MachineFacts.pinning`, which is null where that is impossible. */
  readonly cores?: readonly number[];
  /** It has a core only while nobody else wants it (`chrt`); where `GeneratorWaiting` says that this can be had. */
  readonly givesWay?: boolean;
  /** Run when the child has ended, whoever ended it, for what it leaves behind where no signal reaches: a container. */
  readonly cleanUp?: { readonly command: string; readonly args: readonly string[] };
}

/** Starts children through the watchdog process: pipe closed = everything killed, temporary folder removed. */
export interface Supervisor {
  /** A temporary folder that goes with the run. */
  readonly folder: string;
  /** @throws ERR_ENVIRONMENT the program is absent or may not be run; ERR_PART_CRASHED the watchdog has died. */
  start(request: ChildRequest): Promise<ChildHandle>;
  /** Stops everything, newest first, removes the folder. Safe to call twice. */
  close(): Promise<void>;
}

export interface LabRedis {
  readonly url: string;
  readonly facts: RedisFacts;
  /** Null when it is not a process that we started (given by URL, or in a container): neither paused nor pinned. */
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

/** Begins and ends sessions of lab users by the thousand. */
export interface SessionFill {
  /**
   * A session of each of `count` users from number `first` on. What logins would have answered, of every `kept`-th of them,
   * the first included; of none for 0. Throws ERR_PART_CRASHED.
   */
  begin(first: number, count: number, kept: number): Promise<readonly FilledLogin[]>;
  /** Ends those of its sessions that are these users'. Throws ERR_PART_CRASHED. */
  end(first: number, count: number): Promise<void>;
  stop(): Promise<void>;
}

export interface FilledLogin {
  readonly user: string;
  /** `Set-Cookie` lines, without the field's name. */
  readonly setCookies: readonly string[];
  readonly body: string;
}

export interface NodeRequest {
  readonly strategies: readonly string[];
  readonly redisUrl: string;
  /** Nodes of one realm share log and secrets; different realms share nothing. */
  readonly realm: string;
  readonly partitions: number;
  readonly beatIntervalMillis: number;
  readonly stalenessLimitMillis: number;
  /** Of 127.0.0.1; any that is free unless told. */
  readonly port?: number;
  /** What Redis' append-only file must promise; nothing unless told. */
  readonly persistence?: 'everysec' | 'always';
  /** Deadline of each call to Redis; the server's own unless told. */
  readonly redisTimeoutMillis?: number;
  /** How many replicas of Redis confirm each write; none unless told. */
  readonly replicas?: number;
  readonly accessTokenLifetimeSeconds?: number;
  /** Absolute lifetime of a session, and so of a cookie session. */
  readonly sessionLifetimeSeconds?: number;
  readonly leewaySeconds?: number;
  /** Roles of every lab user. */
  readonly roles?: number;
  /** What every lab user is given instead: `minimal`, `typical`, `roles-20`, `permissions-50`. */
  readonly claims?: string;
  readonly secrets: LabSecrets;
  readonly cores?: readonly number[];
  /**
   * Path of a users file: instead of the lab's users those, whose passwords are hashed, with limits on failed logins. It
   * then believes X-Forwarded-For, so that who starts it can tell where requests come from.
   */
  readonly usersFile?: string;
  /** Keys by algorithm, which the realm's first nodes sign with: PEM, for HS256 base64url. Else the nodes make their own. */
  readonly signingKeys?: Readonly<Partial<Record<'hs256' | 'es256' | 'ps256' | 'ed25519', string>>>;
  /** Further variables of its process, which are no settings of the server: a library that is loaded first, say. */
  readonly variables?: Readonly<Record<string, string>>;
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
  /** How often the event loop went round; absent where Node does not count it (22 before 22.8). */
  readonly eventLoopTurns?: number;
  readonly rssBytes: number;
  /** Requests it has begun to answer, the asking one included. */
  readonly requests: number;
  /** Tokens looked up in caches of verified ones, and those that were there; absent where none was ever looked up. */
  readonly tokenLookups?: number;
  readonly tokenHits?: number;
  /** Its own monotonic time of the reading. */
  readonly atMillis: number;
}

export interface Environment {
  readonly supervisor: Supervisor;
  readonly redis: LabRedis;
  readonly machine: MachineFacts;
  startNode(request: NodeRequest): Promise<LabNode>;
  /** For the first strategy of the request, configured as a node of the realm; where its nodes would run. */
  startSessionFill(request: NodeRequest): Promise<SessionFill>;
}
