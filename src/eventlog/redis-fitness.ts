/** Whether a primary, as it describes itself, may hold the log: each reason against it with the remedy. */

import { AuthlabError } from '../kernel/errors.ts';
import type { RedisAddress } from './redis-address.ts';

/** The least that the append-only file must promise: nothing, or to be on disk within a second, or before each reply. */
export type Persistence = 'any' | 'everysec' | 'always';

export interface PrimaryFacts {
  /** `host:port`. */
  readonly address: string;
  /** `master` or `slave`. */
  readonly role: string;
  /** `standalone`, `cluster` or `sentinel`. */
  readonly mode: string;
  readonly version: string;
  readonly server: 'redis' | 'valkey';
  readonly maxmemoryPolicy: string;
  /** `yes` or `no`. */
  readonly appendonly: string;
  /** `always`, `everysec`, `no` or `unknown`. */
  readonly appendfsync: string;
  /** Connected, with all that came before. */
  readonly replicas: number;
  /** Itself and every replica of it that is known, those included that are away. */
  readonly dataNodes: number;
  /** Null: unknown. */
  readonly minReplicasToWrite: number | null;
}

export interface FitnessDemands {
  readonly topology: RedisAddress['kind'];
  /** How many replicas must confirm each write. */
  readonly replicas: number;
  readonly persistence: Persistence;
}

/** Throws ERR_LOG_REFUSED; ERR_ENVIRONMENT_REDIS while Sentinels or a Cluster replace this primary. */
export function refuseUnfit(facts: PrimaryFacts, demands: FitnessDemands): void {
  const { address, role, mode, version, maxmemoryPolicy } = facts;
  if (mode === 'sentinel') refuse(facts, 'is a Sentinel; write redis+sentinel://host:port/name');
  if (Number.parseInt(version, 10) < 7) {
    refuse(facts, `is ${version}; authlab needs 7.0 or later ("npm run setup" installs one)`);
  }
  if (maxmemoryPolicy !== 'noeviction') {
    refuse(
      facts,
      `evicts (maxmemory-policy ${maxmemoryPolicy}) and could forget a revocation; ` +
        'run "CONFIG SET maxmemory-policy noeviction" there',
    );
  }
  if (role === 'slave') {
    if (demands.topology === 'single') refuse(facts, 'is a replica; give the address of its primary');
    const message = `Redis at ${address} should be a primary and is a replica; a failover is under way`;
    throw new AuthlabError('ERR_ENVIRONMENT_REDIS', message);
  }
  if (mode === 'cluster' && demands.topology !== 'cluster') {
    refuse(facts, `is a node of a Cluster; write redis+cluster://${address}`);
  }
  refuseForgetful(facts, demands.persistence);
  refuseUnconfirmed(facts, demands.replicas);
}

/** What a server does not let us ask about is taken on trust: somebody else runs it, and answers for it. */
function refuseForgetful(facts: PrimaryFacts, persistence: Persistence): void {
  if (persistence === 'any') return;
  const { appendonly, appendfsync } = facts;
  const instead = 'or set persistence to any, if revocations may be forgotten with a restart of it';
  if (appendonly !== 'yes') {
    refuse(
      facts,
      `has no append-only file, and persistence is ${persistence}; run "CONFIG SET appendonly yes" there, ${instead}`,
    );
  }
  const enough = persistence === 'always' ? ['always', 'unknown'] : ['always', 'everysec', 'unknown'];
  if (enough.includes(appendfsync)) return;
  refuse(
    facts,
    `writes its append-only file with appendfsync ${appendfsync}, and persistence is ${persistence}; ` +
      `run "CONFIG SET appendfsync ${persistence}" there, or set persistence to a weaker one`,
  );
}

/** Only what a majority holds is held by whichever replica a majority promotes. */
function refuseUnconfirmed(facts: PrimaryFacts, replicas: number): void {
  if (replicas === 0) return;
  const { dataNodes } = facts;
  if (2 * (1 + replicas) <= dataNodes) {
    refuse(
      facts,
      `is one of ${dataNodes} that hold its data, and ${1 + replicas} of them would confirm a write: no majority; ` +
        `set replicas to ${Math.floor(dataNodes / 2)}`,
    );
  }
  if (facts.replicas < replicas) {
    refuse(
      facts,
      `has ${facts.replicas} of the ${replicas} replicas connected that must confirm each write; ` +
        'start them ("REPLICAOF host port" there), or set replicas to fewer',
    );
  }
}

function refuse({ address }: PrimaryFacts, why: string): never {
  throw new AuthlabError('ERR_LOG_REFUSED', `Redis at ${address} ${why}`);
}

/** What all of them promise, at least. */
export type WeakestFacts = Pick<
  PrimaryFacts,
  'version' | 'server' | 'maxmemoryPolicy' | 'appendonly' | 'appendfsync' | 'replicas' | 'minReplicasToWrite'
>;

export function weakest([first, ...others]: readonly PrimaryFacts[]): WeakestFacts {
  if (first === undefined) throw new TypeError('there is a primary, or finding it has failed');
  const { server, maxmemoryPolicy } = first;
  let { version, appendonly, appendfsync, replicas, minReplicasToWrite } = first;
  for (const other of others) {
    if (compareVersions(other.version, version) < 0) version = other.version;
    if (other.appendonly !== 'yes') appendonly = other.appendonly;
    if (fsyncs.indexOf(other.appendfsync) < fsyncs.indexOf(appendfsync)) appendfsync = other.appendfsync;
    replicas = Math.min(replicas, other.replicas);
    minReplicasToWrite =
      minReplicasToWrite === null || other.minReplicasToWrite === null
        ? null
        : Math.min(minReplicasToWrite, other.minReplicasToWrite);
  }
  return { version, server, maxmemoryPolicy, appendonly, appendfsync, replicas, minReplicasToWrite };
}

/** Weakest first. */
const fsyncs = ['no', 'unknown', 'everysec', 'always'];

function compareVersions(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
