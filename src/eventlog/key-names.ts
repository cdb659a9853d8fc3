/**
 * Every key authlab keeps in Redis, named in one place. All of a partition carry its hash tag, so that one script may
 * touch them all on Redis Cluster too (Redis Cluster specification, "Hash tags").
 */

import { createHash } from 'node:crypto';
import { AuthlabError } from '../kernel/errors.ts';
import type { Partition, RecordName } from './port.ts';

const realmShape = /^[A-Za-z0-9_.-]{1,64}$/;

/** Names the keys of one realm. */
export class KeyNames {
  readonly #realm: string;

  /** Throws ERR_INPUT_INVALID for a realm that is not 1 to 64 letters, digits, dots, dashes or underscores. */
  constructor(realm: string) {
    if (!realmShape.test(realm)) {
      throw new AuthlabError('ERR_INPUT_INVALID', 'a realm is 1 to 64 letters, digits, ".", "-" or "_"');
    }
    this.#realm = realm;
  }

  /** Stream: the partition's events. */
  events(partition: Partition): string {
    return `authlab:{${this.#realm}:${partition}}:events`;
  }

  /** Hash: `runId`, `epoch`, `birth`, `turn`, `number`, `id`, `beats`: where the partition stands and whose life it is in. */
  meta(partition: Partition): string {
    return `authlab:{${this.#realm}:${partition}}:meta`;
  }

  /** String: the birth once more, for those who read it beside a record. */
  birth(partition: Partition): string {
    return `authlab:{${this.#realm}:${partition}}:birth`;
  }

  /** Hash: a field for each node that must have applied a strict revocation. */
  members(partition: Partition): string {
    return `authlab:{${this.#realm}:${partition}}:members`;
  }

  /** Sorted set: ids of revoked sessions, scored with the expiry in milliseconds. */
  revocations(partition: Partition): string {
    return `authlab:{${this.#realm}:${partition}}:revocations`;
  }

  /** String: version of one user's stream, the operation that wrote it, and the state. */
  user(partition: Partition, stream: string): string {
    return `authlab:{${this.#realm}:${partition}}:user:${stream}`;
  }

  /** String with an expiry: an inline projection's record. */
  record(partition: Partition, record: RecordName): string {
    return `authlab:{${this.#realm}:${partition}}:${record.kind}:${record.id}`;
  }

  /** String with a short expiry: what an append answered, for whoever has to ask again. */
  operation(partition: Partition, operationId: string): string {
    return `authlab:{${this.#realm}:${partition}}:operation:${operationId}`;
  }

  /** Strings with an expiry, each named by what follows: failed logins, counted. In no partition: they belong to no log. */
  loginFailures(): string {
    return `authlab:login-failures:${this.#realm}`;
  }

  /** Stream: failed logins, the newest thousands, for whoever audits them. In no partition, and nobody follows it. */
  failedLogins(): string {
    return `authlab:failed-logins:${this.#realm}`;
  }
}

/** The partition a user belongs to: the same on every node and for ever, as long as the number of partitions stays. */
export function partitionOfUser(sub: string, partitions: number): number {
  return createHash('sha256').update(sub).digest().readUInt32BE(0) % partitions;
}
