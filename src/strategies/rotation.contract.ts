/** Rotation of signing keys while requests keep coming: nobody notices, and what is retired is refused (SECURITY row 47). */

import { randomBytes } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { activationDelayMillis, type SigningKeysContext } from '../application/signing-keys.ts';
import { NodeSigningKeys } from '../compose/signing-keys.ts';
import { type AlgorithmName, algorithms } from '../keys/algorithms.ts';
import { jwkSet } from '../keys/jwks.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { sharedSigningKeys } from '../projections/inline/signing-keys-state.ts';
import type { Client, NodeIndex } from './lab-client.contract.ts';
import { parseStrategyName } from './registry.ts';
import { loggedIn, type OpenRealm, StrategyLab, stalenessLimitMillis } from './strategy-lab.contract.ts';

const policy = { accessTokenMillis: 20_000, leewayMillis: 0, skewMillis: 500 };
/** How far the clock goes ahead at a time: well within the staleness limit. */
const stepMillis = 300;

/** A lab whose nodes share a secret, and have their keys from the log. */
class RotationLab extends StrategyLab {
  readonly algorithm: AlgorithmName;
  readonly told: unknown[] = [];
  readonly nodes: NodeIndex[] = [0, 1];

  constructor(openRealm: OpenRealm, name: string) {
    const secret = randomBytes(32);
    const parsed = parseStrategyName(name);
    if (!parsed.ok || parsed.value.algorithm === undefined) throw new Error(`${name} signs nothing`);
    const { algorithm } = parsed.value;
    const told: unknown[] = [];
    super(openRealm, name, {
      policy,
      openKeys: (context) =>
        NodeSigningKeys.open({
          context: { ...context, stream: sharedSigningKeys, stalenessLimitMillis },
          ring: new KeyRing({ secret }),
          needed: [algorithm],
          given: [],
          sizes: {},
          realm: 'test',
          tell: (diagnostic) => told.push(diagnostic),
        }),
    });
    this.algorithm = algorithm;
    this.told = told;
  }

  signing(node: NodeIndex): NodeSigningKeys {
    const { signing } = this.node(node);
    if (signing === null) throw new Error('the keys come from the log');
    return signing;
  }

  acceptedKids(node: NodeIndex): readonly string[] {
    return this.signing(node).held.ring.accepted.map(({ kid }) => kid);
  }

  activeKid(node: NodeIndex): string {
    return this.signing(node).held.ring.keysOf(this.algorithm).active().kid;
  }

  /** Time does not run away from the nodes: each has had a beat since it went ahead. */
  async untilBeaten(): Promise<void> {
    await vi.waitFor(
      () => {
        for (const node of this.nodes) {
          const ages = this.node(node)
            .follower?.status()
            .partitions.map(({ ageMillis }) => ageMillis ?? Infinity);
          expect(Math.max(...(ages ?? []))).toBeLessThan(stepMillis);
        }
      },
      { timeout: 5_000, interval: 5 },
    );
  }

  publishedKids(node: NodeIndex): readonly string[] {
    return jwkSet(this.signing(node).held.ring).keys.map(({ kid }) => kid);
  }
}

async function withLab(openRealm: OpenRealm, name: string, story: (lab: RotationLab) => Promise<void>): Promise<void> {
  const lab = new RotationLab(openRealm, name);
  await lab.start();
  try {
    await story(lab);
    expect(lab.told).toEqual([]);
  } finally {
    await lab.stop();
  }
}

const kidOf = ({ credential }: Client): string =>
  JSON.parse(Buffer.from(credential.split('.')[0] ?? '', 'base64url').toString()).kid;

/** Logs in all the time, at every node in turn, and shows the newest and the oldest living token at every node. */
class Load {
  readonly #lab: RotationLab;
  #living: { readonly client: Client; readonly expiresAtMillis: number }[] = [];
  #turn = 0;
  requests = 0;
  readonly refused: string[] = [];
  readonly kids = new Set<string>();

  constructor(lab: RotationLab) {
    this.#lab = lab;
  }

  async until(isOver: () => boolean): Promise<void> {
    for (let steps = 0; !isOver(); steps += 1) {
      expect(steps, 'the story goes on').toBeLessThan(500);
      this.#lab.clock.advance(stepMillis);
      await this.#lab.untilBeaten();
      await this.#step();
    }
  }

  async #step(): Promise<void> {
    const { nodes } = this.#lab;
    const node = nodes[this.#turn % nodes.length] ?? 0;
    this.#turn += 1;
    const issuedAtMillis = this.#lab.clock.wallMillis();
    const client = await loggedIn(this.#lab, undefined, node);
    this.kids.add(kidOf(client));
    // `exp` is in whole seconds.
    this.#living.push({ client, expiresAtMillis: issuedAtMillis + policy.accessTokenMillis - 1_000 });
    const now = this.#lab.clock.wallMillis();
    this.#living = this.#living.filter(({ expiresAtMillis }) => expiresAtMillis > now + stepMillis);
    const shown = [this.#living.at(-1), this.#living[0]].flatMap((found) =>
      found === undefined ? [] : [found.client],
    );
    await Promise.all(shown.flatMap((shownClient) => nodes.map((at) => this.#ask(shownClient, at))));
  }

  async #ask(client: Client, node: NodeIndex): Promise<void> {
    const { status } = await client.copy(node).profile();
    this.requests += 1;
    if (status !== 200) this.refused.push(`${status} at node ${node} for a token of ${kidOf(client)}`);
  }
}

export function describeRotation(openRealm: OpenRealm, name: string): void {
  test(
    'rejects no valid token, whichever nodes ask for it, start or stop meanwhile',
    () =>
      withLab(openRealm, name, async (lab) => {
        const load = new Load(lab);
        const old = lab.activeKid(0);
        expect(lab.activeKid(1)).toBe(old);
        const start = lab.clock.wallMillis();
        await load.until(() => lab.clock.wallMillis() > start + 2_000);

        const rotate = (node: NodeIndex) => lab.signing(node).rotate(lab.algorithm, 'when-expired');
        const [rotated, again] = await Promise.all([rotate(0), rotate(1)]);
        expect(again).toEqual(rotated);
        const next = rotated?.kid ?? '';
        await vi.waitFor(() => {
          for (const node of lab.nodes) expect(lab.acceptedKids(node)).toEqual([old, next]);
        });
        const isPair = algorithms[lab.algorithm].key.kind === 'pair';
        for (const node of lab.nodes) expect(lab.publishedKids(node)).toEqual(isPair ? [old, next] : []);
        // The node that asked first ends; the others bring the rotation to its end.
        await lab.signing(0).stop();
        await load.until(() => lab.clock.wallMillis() > start + 5_000);
        await lab.startNode();
        lab.nodes.push(2);
        expect(lab.activeKid(2)).toBe(old);
        expect(load.kids).toEqual(new Set([old]));

        await load.until(() => lab.nodes.every((node) => lab.activeKid(node) === next));
        expect(lab.clock.wallMillis()).toBeGreaterThan(rotated?.activateAtMillis ?? Number.POSITIVE_INFINITY);
        const activatedAt = lab.clock.wallMillis();
        const retired = () => lab.nodes.every((node) => !lab.acceptedKids(node).includes(old));
        await load.until(retired);
        expect(lab.clock.wallMillis()).toBeGreaterThan(activatedAt + policy.accessTokenMillis);
        for (const node of lab.nodes) expect(lab.publishedKids(node)).toEqual(isPair ? [next] : []);

        expect(load.refused).toEqual([]);
        expect(load.requests).toBeGreaterThan(300);
        expect(load.kids).toEqual(new Set([old, next]));
        const told = await lab.node(0).log.readEntries('realm', '0-0', 100);
        expect(told.map(({ event }) => event.type)).toEqual([
          'SigningKeyAdded',
          'SigningKeyActivated',
          'SigningKeyAdded',
          'SigningKeyActivated',
          'SigningKeyRetired',
        ]);
      }),
    60_000,
  );

  test(
    'in an emergency the old key is refused at every node within the bound, and sessions go on',
    () =>
      withLab(openRealm, name, async (lab) => {
        const client = await loggedIn(lab);
        const stolen = client.copy();
        const rotated = await lab.signing(1).rotate(lab.algorithm, 'at-activation');
        const delay = activationDelayMillis({
          stalenessLimitMillis,
          policy: lab.policy,
          deadlineMillis: 2_000,
        } as SigningKeysContext);
        expect(rotated?.activateAtMillis).toBeLessThanOrEqual(lab.clock.wallMillis() + delay);
        await lab.signing(1).stop();
        for (const node of lab.nodes) expect((await stolen.copy(node).profile()).status).toBe(200);

        const load = new Load(lab);
        const leftMillis = () => (rotated?.activateAtMillis ?? 0) - lab.clock.wallMillis();
        // The last step goes one ahead, and real time passes too while it asks.
        await load.until(() => leftMillis() <= 3 * stepMillis);
        expect(load.refused).toEqual([]);
        while (leftMillis() > 0) {
          lab.clock.advance(Math.min(stepMillis, leftMillis()));
          if (leftMillis() > 0) await lab.untilBeaten();
        }
        const due = performance.now();
        await vi.waitFor(
          async () => {
            for (const node of lab.nodes) expect((await stolen.copy(node).profile()).status).toBe(401);
          },
          { timeout: 5_000, interval: 10 },
        );
        expect(performance.now() - due).toBeLessThan(stalenessLimitMillis);
        for (const node of lab.nodes) expect(lab.acceptedKids(node)).toEqual([rotated?.kid]);

        expect((await client.refresh()).status).toBe(200);
        for (const node of lab.nodes) expect((await client.copy(node).profile()).status).toBe(200);
      }),
    60_000,
  );
}

export function describeRotations(logName: string, openRealm: OpenRealm, names: readonly string[]): void {
  describe.each(names)(`rotating the key of %s on ${logName}`, (name) => describeRotation(openRealm, name));
}
