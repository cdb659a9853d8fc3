/** The contestants of a run on their nodes: each node is started when a step first needs it. */

import { traitsOf } from '../../src/strategies/registry.ts';
import type { LabNode, NodeRequest, SessionFill } from '../environment/environment.ts';
import type { RedisBackground } from '../load/interleaved.ts';
import { referenceContestant } from '../record/run-events.ts';
import { type Contestant, contestantOf } from '../workload/contestant.ts';
import type { LoggedIn } from '../workload/log-in.ts';
import type { Lab } from './lab.ts';
import { lastingSeconds, lifetimesOf, shortLeewaySeconds } from './lifetimes.ts';
import { measureRedisBackground } from './redis-background.ts';

/** A contestant alone on a node of its own, mounted at the root, so that its requests are the reference's byte for byte. */
export interface Standing {
  readonly contestant: Contestant;
  readonly node: LabNode;
}

/**
 * Two processes that differ in what they check and in nothing else: started together, and asked the same ever since. A
 * process that was used more, or for something else, spends another time on the same request: one reference for all
 * contestants was warmer than any of them, and made each of them look some 8 microseconds dearer than it was; references
 * that took turns at the contestants had been compiled for the requests of the one before, and those of a bearer token
 * after requests without one took 45 microseconds longer.
 */
export interface Pair {
  readonly contestant: Contestant;
  readonly node: LabNode;
  readonly reference: LabNode;
}

/** A realm whose content is measured. */
export interface StateRealm {
  readonly realm: string;
  /** Without nodes: those that are started have other addresses each time. */
  readonly contestant: Contestant;
  start(): Promise<LabNode>;
  fill(): Promise<SessionFill>;
}

/** What a node is to be other than the scenario's own. */
type Request = Partial<NodeRequest> & Pick<NodeRequest, 'strategies'>;

export type AttackGround = 'attack' | 'attack-elsewhere' | 'attack-people';

type NodeKind = 'alone' | 'pair' | 'revocation' | 'expiry' | 'claims' | 'lifecycle' | 'role-change' | AttackGround;

export class Stage {
  readonly #lab: Lab;
  readonly #nodes = new Map<string, Promise<LabNode>>();
  readonly #credentials = new Map<string, readonly LoggedIn[]>();
  readonly #unfit = new Set<string>();
  #redisBackground: Promise<RedisBackground> | null = null;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** A contestant that failed its check takes no further part; what it does fast would be worth nothing. */
  exclude(name: string): void {
    this.#unfit.add(name);
  }

  isExcluded(name: string): boolean {
    return this.#unfit.has(name);
  }

  /** The contestant alone on the node where it is checked and its users log in. */
  async standing(name: string): Promise<Standing> {
    const node = await this.#node('alone', name, lasting(name));
    return { contestant: contestantOf(name, [node.baseUrl], traitsOf(name), ''), node };
  }

  /** The contestant and the one that checks nothing, for load; nobody logs in there. */
  async pair(name: string): Promise<Pair> {
    const [node, reference] = await Promise.all([
      this.#node('pair', `${name}/contestant`, lasting(name)),
      this.#node('pair', `${name}/reference`, lasting(referenceContestant)),
    ]);
    return { contestant: contestantOf(name, [node.baseUrl], traitsOf(name), ''), node, reference };
  }

  /** Measured once, with all pairs standing idle: before the first of them is measured. */
  redisBackground(): Promise<RedisBackground> {
    this.#redisBackground ??= measureRedisBackground(this.#lab);
    return this.#redisBackground;
  }

  /** What the contestant's users hold; none until they have logged in. */
  credentialsOf(name: string): readonly LoggedIn[] {
    return this.#credentials.get(name) ?? [];
  }

  keepCredentials(name: string, credentials: readonly LoggedIn[]): void {
    this.#credentials.set(name, credentials);
  }

  /** The contestant on the nodes that all revocable ones share. */
  async revocable(name: string): Promise<Contestant> {
    const nodes = await this.revocationNodes();
    return contestantOf(name, baseUrlsOf(nodes), traitsOf(name));
  }

  revocationNodes(): Promise<readonly LabNode[]> {
    const strategies = [referenceContestant, ...this.#strategies((bound) => bound !== 'remaining-lifetime')];
    return this.#several('revocation', { strategies });
  }

  /** The contestant on nodes where its credentials live for seconds. */
  async expiring(name: string, lifetimeSeconds: number): Promise<Contestant> {
    const nodes = await this.#several('expiry', {
      strategies: this.#strategies((bound) => bound === 'remaining-lifetime'),
      // A realm of their own: what they issue is no credential elsewhere.
      realm: `${this.#lab.realm}-short`,
      accessTokenLifetimeSeconds: lifetimeSeconds,
      sessionLifetimeSeconds: lifetimeSeconds,
      leewaySeconds: shortLeewaySeconds,
    });
    return contestantOf(name, baseUrlsOf(nodes), traitsOf(name));
  }

  /** The contestant on a node whose users are of this claim profile. */
  async withClaims(name: string, claims: string): Promise<Contestant> {
    const node = await this.#node('claims', claims, { strategies: this.#strategies(() => true), claims });
    return contestantOf(name, [node.baseUrl], traitsOf(name));
  }

  /**
   * The contestant on nodes that all share for one kind of attack: `attack` on tokens of a known key, `attack-elsewhere`
   * in another realm with other secrets, `attack-people` with users of a file.
   */
  async underAttack(name: string, kind: AttackGround, request: Partial<NodeRequest>, nodes = 1): Promise<Contestant> {
    const whole = {
      strategies: this.#strategies(() => true),
      realm: `${this.#lab.realm}-${kind}`,
      leewaySeconds: shortLeewaySeconds,
      ...request,
    };
    const started = Array.from({ length: nodes }, (_, index) => this.#node(kind, `${index}`, whole));
    return contestantOf(name, baseUrlsOf(await Promise.all(started)), traitsOf(name));
  }

  /** The contestant alone in a realm: no other node hears of its logins and spends Redis' time on them. */
  async livingThrough(name: string): Promise<Standing> {
    const realm = `${this.#lab.realm}-life-${this.#lab.scenario.strategies.indexOf(name) + 1}`;
    const node = await this.#node('lifecycle', name, { strategies: [name], realm });
    return { contestant: contestantOf(name, [node.baseUrl], traitsOf(name), ''), node };
  }

  /** The contestant on nodes where it has users of its own; where it must be renewed, its credentials live for seconds. */
  async roleChanging(name: string): Promise<Contestant> {
    const { rolesChange } = traitsOf(name);
    const { nodes = 1, credentialLifetimeSeconds } = this.#lab.scenario.roleChange ?? {};
    const short = credentialLifetimeSeconds === undefined ? {} : lifetimesOf(rolesChange, credentialLifetimeSeconds);
    const alike = this.#lab.scenario.strategies.filter((other) => traitsOf(other).rolesChange === rolesChange);
    const request = { strategies: alike, realm: `${this.#lab.realm}-${rolesChange}`, ...short };
    const started = await Promise.all(
      Array.from({ length: nodes }, (_, index) => this.#node('role-change', `${rolesChange}/${index}`, request)),
    );
    return contestantOf(name, baseUrlsOf(started), traitsOf(name));
  }

  /**
   * The contestant in a realm of its own, on nodes that are started when they are asked for, or with nobody but the process
   * that fills it; who asks stops them.
   */
  keepingState(name: string, half: string): StateRealm {
    const realm = `${this.#lab.realm}-state-${this.#lab.scenario.strategies.indexOf(name) + 1}-${half}`;
    return {
      realm,
      contestant: contestantOf(name, [], traitsOf(name), ''),
      start: () => this.#start({ ...lasting(name), realm }),
      fill: () => this.#fill({ ...lasting(name), realm }),
    };
  }

  /** Begins sessions of the contestant where it stands alone, by the thousand; who asks stops it. */
  fill(name: string): Promise<SessionFill> {
    return this.#fill(lasting(name));
  }

  /** Stops the nodes of the steps that are over: what idles beside a measurement disturbs it. */
  async stop(...kinds: readonly NodeKind[]): Promise<void> {
    for (const [key, started] of [...this.#nodes]) {
      if (!kinds.some((kind) => key.startsWith(`${kind}/`))) continue;
      this.#nodes.delete(key);
      await (await started).child.stop();
    }
  }

  /** Stops every node. */
  async close(): Promise<void> {
    const started = [...this.#nodes.values()];
    this.#nodes.clear();
    for (const node of started) await (await node).child.stop();
  }

  #strategies(passes: (bound: string) => boolean): readonly string[] {
    return this.#lab.scenario.strategies.filter((name) => passes(traitsOf(name).bound));
  }

  #several(kind: NodeKind, request: Request) {
    const count = this.#lab.scenario.revocation?.nodes ?? 1;
    return Promise.all(Array.from({ length: count }, (_, index) => this.#node(kind, `${index}`, request)));
  }

  #node(kind: NodeKind, name: string, request: Request) {
    return remembered(this.#nodes, `${kind}/${name}`, () => this.#start(request));
  }

  #start(request: Request): Promise<LabNode> {
    return this.#lab.environment.startNode(this.#requestOf(request));
  }

  #fill(request: Request): Promise<SessionFill> {
    return this.#lab.environment.startSessionFill(this.#requestOf(request));
  }

  #requestOf(request: Request): NodeRequest {
    const { scenario, redisUrl, nodeDefaults, realm, secrets } = this.#lab;
    const { partitions, beatIntervalMillis, stalenessLimitMillis } = scenario;
    const own = { redisUrl, realm, secrets, partitions, beatIntervalMillis, stalenessLimitMillis };
    return { ...own, ...nodeDefaults, ...request };
  }
}

/** A contestant by itself, whose credentials outlast what is measured. */
function lasting(name: string): Request {
  return { strategies: [name], accessTokenLifetimeSeconds: lastingSeconds };
}

function baseUrlsOf(nodes: readonly LabNode[]): readonly string[] {
  return nodes.map((node) => node.baseUrl);
}

function remembered<Value>(cache: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>) {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  return made;
}
