/** Real nodes of one realm for tests of the promise: started, found ready again after a fault, and gone with the test. */

import { systemRandomBytes } from '../../src/kernel/random.ts';
import { traitsOf } from '../../src/strategies/registry.ts';
import type { LabNode, Supervisor } from '../environment/environment.ts';
import { httpGet } from '../environment/http-get.ts';
import { startNode } from '../environment/node.ts';
import { randomRealm } from '../environment/realms.ts';
import { until } from '../environment/redis-group.ts';
import { createLabSecrets } from '../environment/secrets.ts';
import { startSupervisor } from '../environment/supervisor.ts';
import { type Contestant, contestantOf } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import { logIn } from '../workload/log-in.ts';
import { ProbeConnection } from './connection.ts';
import { protectedRequest } from './prober.ts';

export const hybrid = 'hybrid-hs256';
export const strict = 'hybrid-strict-hs256';

export interface RealmOptions {
  /** Of each node, in their order: nodes may find the same Redis by different ways. */
  readonly redisUrls: readonly string[];
  readonly stalenessLimitMillis: number;
  readonly replicas?: number;
}

export interface Realm {
  readonly supervisor: Supervisor;
  readonly nodes: readonly LabNode[];
  readonly contestants: Readonly<Record<typeof hybrid | typeof strict, Contestant>>;
  /** Logs in as many users as nobody was before. */
  logIn(contestant: Contestant, count: number): Promise<readonly Credential[]>;
  /** The statuses by which the nodes answer this credential, each asked once on a connection of its own. */
  statusesOf(contestant: Contestant, credential: Credential): Promise<readonly number[]>;
  /** Returns when every node says that it is ready, which a node does only while it may answer. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

const partitions = 4;
const beatIntervalMillis = 250;
const answerDeadlineMillis = 2_000;
/** A failover, the operator's log of it, and a machine that does other things as well. */
const recoveryDeadlineMillis = 30_000;

/** Starts a node for each URL and returns when all are ready. Throws as `startNode`; nothing is left behind then. */
export async function startRealm({ redisUrls, stalenessLimitMillis, replicas }: RealmOptions): Promise<Realm> {
  const supervisor = await startSupervisor();
  try {
    const secrets = await createLabSecrets(systemRandomBytes);
    const realm = randomRealm(systemRandomBytes);
    const nodes = await Promise.all(
      redisUrls.map((redisUrl, index) =>
        startNode(
          { supervisor, index },
          {
            strategies: [hybrid, strict],
            redisUrl,
            realm,
            partitions,
            beatIntervalMillis,
            stalenessLimitMillis,
            secrets,
            ...(replicas !== undefined && { replicas }),
          },
        ),
      ),
    );
    return realmOf(supervisor, nodes);
  } catch (error) {
    await supervisor.close();
    throw error;
  }
}

function realmOf(supervisor: Supervisor, nodes: readonly LabNode[]): Realm {
  const baseUrls = nodes.map(({ baseUrl }) => baseUrl);
  const contestantNamed = (name: string) => contestantOf(name, baseUrls, traitsOf(name));
  let users = 0;
  return {
    supervisor,
    nodes,
    contestants: { [hybrid]: contestantNamed(hybrid), [strict]: contestantNamed(strict) },
    async logIn(contestant, count) {
      const firstUser = users;
      users += count;
      return (await logIn(contestant, count, { firstUser })).map(({ credential }) => credential);
    },
    statusesOf(contestant, credential) {
      return Promise.all(
        baseUrls.map(async (baseUrl) => {
          const connection = new ProbeConnection(baseUrl, { requestTimeoutMillis: answerDeadlineMillis });
          const { status } = await connection.ask(protectedRequest(contestant, credential));
          await connection.close();
          return status;
        }),
      );
    },
    async ready() {
      await Promise.all(
        nodes.map(({ baseUrl, child }) =>
          until(
            `${child.name} ready`,
            async () => {
              const { status, body } = await httpGet(`${baseUrl}/health/ready`, answerDeadlineMillis);
              if (status !== 200) throw new Error(`${status} ${body}`);
              return true;
            },
            recoveryDeadlineMillis,
          ),
        ),
      );
    },
    close: () => supervisor.close(),
  };
}
