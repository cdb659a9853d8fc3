/** One process of authlab without its HTTP: everything that compose puts together, on a link of a randomized run. */

import type { CommandContext } from '../application/context.ts';
import { createAccounts } from '../compose/accounts.ts';
import { createAcknowledgement } from '../compose/acknowledgement.ts';
import { NodeSigningKeys } from '../compose/signing-keys.ts';
import type { LifetimePolicy } from '../domain/policy.ts';
import { acceptableUntil } from '../domain/policy.ts';
import type { Partition } from '../eventlog/port.ts';
import { isAuthlabError } from '../kernel/errors.ts';
import type { RandomBytes } from '../kernel/random.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { LogFollower } from '../projections/followed/follower.ts';
import { newNodeId } from '../projections/followed/node-membership.ts';
import { StrictFence } from '../projections/followed/strict-fence.ts';
import { sharedSigningKeys } from '../projections/inline/signing-keys-state.ts';
import { createStrategy } from '../strategies/registry.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { CarriedExchange } from './carried-exchange.contract.ts';
import type { Link } from './link.contract.ts';
import { LinkedLog } from './linked-log.contract.ts';
import type { Answer, Request } from './messages.contract.ts';
import type { Actor, VirtualTime } from './virtual-time.contract.ts';

/** What every node of a realm is configured with alike. */
export interface RealmSettings {
  readonly policy: LifetimePolicy;
  /** H and S. */
  readonly beatIntervalMillis: number;
  readonly stalenessLimitMillis: number;
  readonly commandTimeoutMillis: number;
  readonly replicas: number;
}

/** The parts of a node that has come up. */
interface Parts {
  readonly follower: LogFollower;
  readonly signing: NodeSigningKeys;
}

const secret = Buffer.alloc(32, 'realm');
const startRetryMillis = 300;

export class NodeProcess {
  readonly actor: Actor;
  readonly link: Link;
  /** True time at which the newest answered beat was sent, by partition: all that may make this node fresh. */
  readonly proofs = new Map<Partition, number>();
  readonly startedAt: number;
  /** Connections of clients who wait for an answer: how each learns that there will be none. */
  readonly waiting = new Set<() => void>();
  /** True time until which it stood still, last. */
  pausedUntil = Number.NEGATIVE_INFINITY;
  /** For how long this node's link led to a server that was not the primary any more. */
  deposedUntil = Number.NEGATIVE_INFINITY;
  readonly #settings: RealmSettings;
  readonly #ring = new KeyRing({ secret });
  readonly #context: CommandContext;
  readonly #fence: StrictFence;
  readonly #strategies = new Map<string, Strategy>();
  #parts: Parts | null = null;

  constructor(time: VirtualTime, link: Link, node: { actor: Actor; random: RandomBytes; settings: RealmSettings }) {
    const { actor, random, settings } = node;
    const { stalenessLimitMillis, commandTimeoutMillis, policy, replicas } = settings;
    this.#settings = settings;
    this.actor = actor;
    this.link = link;
    this.startedAt = time.now;
    const onBeat = (partition: Partition, sentAt: number): void => {
      this.proofs.set(partition, Math.max(sentAt, this.proofs.get(partition) ?? sentAt));
    };
    const log = new LinkedLog({ link, commandTimeoutMillis, onBeat, now: () => time.now });
    this.#fence = new StrictFence({ log, clock: actor.clock, stalenessLimitMillis });
    const follower = (): LogFollower | null => this.follower;
    const acknowledgement = createAcknowledgement({ log, fence: this.#fence, follower, replicas, isStrict: true });
    const { clock } = actor;
    this.#context = { log, clock, random, policy, deadlineMillis: commandTimeoutMillis, acknowledgement };
  }

  /** Null until the node has come up. */
  get follower(): LogFollower | null {
    return this.#parts?.follower ?? null;
  }

  /** As a supervisor does it: a node that cannot come up is started again, until it can. */
  async start(): Promise<void> {
    for (;;) {
      try {
        this.#parts = await this.#comeUp();
        return;
      } catch (error) {
        if (!isAuthlabError(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, startRetryMillis));
      }
    }
  }

  /** Answers any request; null when nobody listens yet. `onHandled` is called right before the answer is decided. */
  async answer(request: Request, onHandled: () => void): Promise<Answer | null> {
    if (this.#parts === null) return null;
    try {
      return await this.#perform(request, this.#parts, onHandled);
    } catch (error) {
      return isAuthlabError(error) ? { status: 503 } : { status: 503, unexpected: error };
    }
  }

  async #comeUp(): Promise<Parts> {
    const { beatIntervalMillis, stalenessLimitMillis } = this.#settings;
    const { log, clock, random, policy } = this.#context;
    const signing = await NodeSigningKeys.open({
      context: { ...this.#context, stream: sharedSigningKeys, stalenessLimitMillis },
      ring: this.#ring,
      needed: ['hs256'],
      given: [],
      sizes: {},
      realm: 'randomized',
      tell: () => undefined,
    });
    const follower = new LogFollower({
      log,
      clock,
      random,
      tokenAcceptedMillis: acceptableUntil(policy, policy.accessTokenMillis),
      beatIntervalMillis,
      stalenessLimitMillis,
      following: 'everything',
      nodeId: newNodeId(random),
      signingKeys: signing.held,
      onEvent: (told) => {
        if (told.type === 'rebuilt') this.#fence.saw(told.partition, told.position.epoch);
      },
    });
    follower.start().catch(() => undefined);
    signing.start(beatIntervalMillis);
    return { follower, signing };
  }

  async #perform(request: Request, parts: Parts, onHandled: () => void): Promise<Answer> {
    const strategy = this.#strategyOf(request.strategy, parts);
    const exchange = new CarriedExchange(request);
    switch (request.kind) {
      case 'login': {
        const result = await strategy.login(exchange, { sub: request.user ?? '', roles: ['user'] });
        return result.ok ? exchange.granted(result.grant) : { status: 401 };
      }
      case 'refresh': {
        const result = await strategy.refresh?.(exchange);
        return result?.ok === true ? exchange.granted(result.grant) : { status: 401 };
      }
      case 'logout':
        await strategy.logout(exchange);
        return { status: 200 };
      case 'rotate-keys': {
        await parts.signing.rotate('hs256', request.isEmergency === true ? 'at-activation' : 'when-expired');
        return { status: 200 };
      }
      case 'use':
        return await this.#admit(strategy, exchange, onHandled);
      case 'logout-all':
      case 'change-password': {
        const admitted = await this.#admit(strategy, exchange, onHandled);
        if (admitted.status !== 200 || admitted.sub === undefined || admitted.sid === undefined) return admitted;
        const { sub, sid } = admitted;
        const accounts = createAccounts(this.#context);
        if (request.kind === 'change-password') {
          await accounts.changePassword({ sub, keptSid: sid, passwordHash: '$argon2id$none' });
        } else await accounts.endAllSessions({ sub, sid, revocation: strategy.traits.revocation });
        return { status: 200 };
      }
    }
  }

  /** As `authenticated` does it: judged, and the handler runs. A judgement at hand is followed by the handler at once. */
  async #admit(strategy: Strategy, exchange: CarriedExchange, onHandled: () => void): Promise<Admission> {
    onHandled();
    const judged = strategy.authenticate(exchange);
    const authentication = judged instanceof Promise ? await judged : judged;
    if (authentication.ok) return { status: 200, ...authentication.principal };
    return { status: authentication.refusal === 'unknown' ? 503 : 401 };
  }

  #strategyOf(name: string, { follower }: Parts): Strategy {
    const known = this.#strategies.get(name);
    if (known !== undefined) return known;
    const context = this.#context;
    const { log } = context;
    const made = createStrategy(name, {
      context,
      keys: this.#ring,
      issuer: 'https://issuer.test',
      revocations: follower,
      records: { read: (partition, record) => log.readRecord(partition, record) },
    });
    this.#strategies.set(name, made);
    return made;
  }
}

type Admission = Answer & { readonly sid?: string };
