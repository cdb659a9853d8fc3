/** Server nodes of the lab: the program under `dist`, in the mode that has lab users and tells what it has spent. */

import { Agent } from 'node:http';
import { AuthlabError } from '../../src/kernel/errors.ts';
import type { ChildHandle, LabNode, NodeRequest, NodeUsage, Supervisor } from './environment.ts';
import { type Answer, httpGet } from './http-get.ts';
import { compiledFile } from './programs.ts';

/** A node is up in half a second; eight of them that share one busy core are not. */
const defaultDeadlineMillis = 30_000;
/** Between two questions to a node that is not ready. */
const readyIntervalMillis = 10;
const answerDeadlineMillis = 2_000;

/**
 * A hundred seconds after its last full collection V8 collects once more to give memory back, and drops optimised code with
 * it. Two processes that did the same until then are up to a tenth apart afterwards, for as long as they live: that is no
 * difference between strategies.
 */
export const nodeFlags: readonly string[] = ['--no-memory-reducer'];

export interface NodePlace {
  readonly supervisor: Supervisor;
  readonly index: number;
  /** The compiled server; absent: this package's own. */
  readonly serverPath?: string | undefined;
  /** For listening, and then again for being ready. */
  readonly deadlineMillis?: number;
}

/**
 * Starts a node on a free loopback port and waits until it is ready: Redis checked, revocations caught up with.
 * @throws ERR_PART_CRASHED when it ends before, or is not ready in time; the message holds its last output or answer.
 */
export async function startNode(place: NodePlace, request: NodeRequest): Promise<LabNode> {
  const { strategies, cores } = request;
  const { deadlineMillis = defaultDeadlineMillis } = place;
  const child = await place.supervisor.start({
    name: `node-${place.index}`,
    command: process.execPath,
    args: [...nodeFlags, place.serverPath ?? compiledFile('src/server.js')],
    env: nodeEnvironment(request),
    ...(cores && { cores }),
  });
  try {
    const line = await child.waitForOutput((text) => portIn(text) !== null, deadlineMillis);
    const baseUrl = `http://127.0.0.1:${portIn(line)}`;
    await waitUntilReady(child, baseUrl, deadlineMillis);
    return { index: place.index, baseUrl, strategies, child };
  } catch (error) {
    await child.stop(0);
    throw error;
  }
}

/** Counters since the node's start. Throws ERR_PART_CRASHED when it does not tell them within 2 s. */
export function readUsage(node: LabNode): Promise<NodeUsage> {
  return usageOver(node, false);
}

/** The same over one connection, for readings that follow each other within milliseconds. To be closed. */
export class UsageReader {
  readonly #node: LabNode;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(node: LabNode) {
    this.#node = node;
  }

  read(): Promise<NodeUsage> {
    return usageOver(this.#node, this.#agent);
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** By how much its event loop came late at most, from its start until it was ready, in milliseconds. Throws as `readUsage`. */
export async function readLongestPause(node: LabNode): Promise<number> {
  const answer = await ask(`${node.baseUrl}/lab/start`, answerDeadlineMillis);
  if (answer?.status !== 200) {
    throw new AuthlabError('ERR_PART_CRASHED', `${node.child.name} does not tell of its start: ${told(answer)}`);
  }
  return (JSON.parse(answer.body) as { readonly longestPauseMillis: number }).longestPauseMillis;
}

/** Bytes that the node keeps alive, garbage collected; nothing else may be measured meanwhile. Throws as `readUsage`. */
export async function readLiveBytes(node: LabNode): Promise<number> {
  const answer = await ask(`${node.baseUrl}/lab/heap`, answerDeadlineMillis);
  if (answer?.status !== 200) {
    throw new AuthlabError('ERR_PART_CRASHED', `${node.child.name} does not tell its memory: ${told(answer)}`);
  }
  return (JSON.parse(answer.body) as { readonly liveBytes: number }).liveBytes;
}

async function usageOver(node: LabNode, agent: Agent | false): Promise<NodeUsage> {
  const answer = await ask(`${node.baseUrl}/lab/usage`, answerDeadlineMillis, agent);
  if (answer?.status !== 200) {
    throw new AuthlabError('ERR_PART_CRASHED', `${node.child.name} does not tell what it has spent: ${told(answer)}`);
  }
  return JSON.parse(answer.body) as NodeUsage;
}

/** The server's settings as environment variables: the one place that keeps secrets off command lines and out of files. */
export function nodeEnvironment(request: NodeRequest): Record<string, string> {
  const { accessTokenLifetimeSeconds, sessionLifetimeSeconds, leewaySeconds, signingKeys = {} } = request;
  const settings: Record<string, string | number | undefined> = {
    NODE_ENV: 'production',
    ...identityOf(request),
    AUTHLAB_HOST: '127.0.0.1',
    AUTHLAB_PORT: request.port ?? 0,
    AUTHLAB_PLAIN_HTTP: 'loopback',
    AUTHLAB_STRATEGIES: request.strategies.join(','),
    AUTHLAB_STRATEGY: request.strategies[0],
    AUTHLAB_REDIS_URL: request.redisUrl,
    AUTHLAB_REALM: request.realm,
    AUTHLAB_PARTITIONS: request.partitions,
    AUTHLAB_BEAT_INTERVAL_MILLIS: request.beatIntervalMillis,
    AUTHLAB_STALENESS_LIMIT_MILLIS: request.stalenessLimitMillis,
    AUTHLAB_PERSISTENCE: request.persistence ?? (request.usersFile === undefined ? undefined : 'any'),
    AUTHLAB_REDIS_TIMEOUT_MILLIS: request.redisTimeoutMillis,
    AUTHLAB_REPLICAS: request.replicas,
    AUTHLAB_ACCESS_TOKEN_LIFETIME_SECONDS: accessTokenLifetimeSeconds,
    // One lifetime for both: a lab session ends at a known moment, however much it is used.
    AUTHLAB_INACTIVITY_TIMEOUT_SECONDS: sessionLifetimeSeconds,
    AUTHLAB_ABSOLUTE_LIFETIME_SECONDS: sessionLifetimeSeconds,
    AUTHLAB_LEEWAY_SECONDS: leewaySeconds,
    AUTHLAB_SECRET: request.secrets.secret,
    AUTHLAB_RS256_PRIVATE_KEY: request.secrets.rs256PrivateKeyPem,
    AUTHLAB_HS256_KEY: signingKeys.hs256,
    AUTHLAB_ES256_PRIVATE_KEY: signingKeys.es256,
    AUTHLAB_PS256_PRIVATE_KEY: signingKeys.ps256,
    AUTHLAB_ED25519_PRIVATE_KEY: signingKeys.ed25519,
  };
  const given = Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]]));
  return { ...request.variables, ...Object.fromEntries(given) };
}

/** Who can log in: the lab's million of users, or those of a file. */
function identityOf({ usersFile, roles, claims }: NodeRequest): Record<string, string | number | undefined> {
  if (usersFile !== undefined)
    return { AUTHLAB_USERS_FILE: usersFile, AUTHLAB_TRUST_PROXY: 'true', AUTHLAB_METRICS: 'false' };
  return { AUTHLAB_LAB: 1, AUTHLAB_LAB_ROLES: roles, AUTHLAB_LAB_CLAIMS: claims };
}

/** The port in the line by which a server says that it listens; null for every other line. */
export function portIn(line: string): number | null {
  if (!line.startsWith('{')) return null;
  try {
    const said: unknown = JSON.parse(line);
    const isListening = typeof said === 'object' && said !== null && 'event' in said && said.event === 'listening';
    return isListening && 'port' in said && typeof said.port === 'number' ? said.port : null;
  } catch {
    return null;
  }
}

async function waitUntilReady(child: ChildHandle, baseUrl: string, deadlineMillis: number): Promise<void> {
  let hasEnded = false;
  void child.ended.then(() => {
    hasEnded = true;
  });
  const deadline = performance.now() + deadlineMillis;
  for (;;) {
    const answer = await ask(`${baseUrl}/health/ready`, answerDeadlineMillis);
    if (answer?.status === 200) return;
    if (hasEnded || performance.now() > deadline) {
      const said = hasEnded ? await child.lastOutput(20) : told(answer);
      const happened = hasEnded ? 'ended before it was ready' : `was not ready within ${deadlineMillis} ms`;
      throw new AuthlabError('ERR_PART_CRASHED', `${child.name} ${happened}: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, readyIntervalMillis));
  }
}

/** Null when there was no answer. */
async function ask(url: string, timeoutMillis: number, agent: Agent | false = false): Promise<Answer | null> {
  try {
    return await httpGet(url, timeoutMillis, agent);
  } catch {
    return null;
  }
}

function told(answer: Answer | null): string {
  return answer === null ? 'no answer' : `${answer.status} ${answer.body.slice(0, 500)}`;
}
