/** A node's signing keys: shared through the log by those that know the secret, and by nobody else. */

import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { MemoryEventLog } from '../eventlog/memory-event-log.ts';
import { MemoryServer } from '../eventlog/memory-server.ts';
import { ManualClock } from '../kernel/clock.ts';
import { systemRandomBytes } from '../kernel/random.ts';
import type { AlgorithmName } from '../keys/algorithms.ts';
import { KeyRing, type SignatureKey } from '../keys/key-ring.ts';
import { testKey } from '../keys/test-ring.contract.ts';
import { readSigningKeys } from '../projections/inline/signing-keys-state.ts';
import { NodeSigningKeys, type SigningKeysDiagnostic } from './signing-keys.ts';

const policy = {
  accessTokenMillis: 10_000,
  inactivityMillis: 1,
  absoluteMillis: 1,
  leewayMillis: 0,
  skewMillis: 0,
  refreshGraceMillis: 0,
  maximumSessions: 1,
};
/** Until a published key signs: the staleness limit and twice the deadline. */
const activationDelayMillis = 4_000;
const retirementDelayMillis = activationDelayMillis + policy.accessTokenMillis;

interface NodeOptions {
  readonly secret?: Buffer;
  readonly previousSecret?: Buffer;
  readonly stream?: string;
  readonly needed?: readonly AlgorithmName[];
  readonly given?: readonly SignatureKey[];
  readonly sizes?: Partial<Record<AlgorithmName, number>>;
}

class Story {
  readonly clock = new ManualClock();
  readonly server = new MemoryServer(this.clock);
  readonly told: SigningKeysDiagnostic[] = [];
  readonly secret = randomBytes(32);

  async start(options: NodeOptions = {}) {
    const { secret = this.secret, stream = 'signing-keys', needed = ['hs256', 'es256'] } = options;
    const { given = [], sizes = {}, previousSecret } = options;
    const { clock } = this;
    const log = new MemoryEventLog({ partitions: 1, clock, server: this.server });
    const ring = new KeyRing({ secret, ...(previousSecret && { previousSecret }) });
    const base = { log, clock, random: systemRandomBytes, policy, deadlineMillis: 1_000 };
    const context = { ...base, stream, stalenessLimitMillis: 2_000 };
    const tell = (diagnostic: SigningKeysDiagnostic) => void this.told.push(diagnostic);
    const signing = await NodeSigningKeys.open({ context, ring, needed, given, sizes, realm: 'shop', tell });
    const active = (name: AlgorithmName) => ring.keysOf(name).active();
    const accepted = (name: AlgorithmName) =>
      ring
        .keysOf(name)
        .accepted()
        .map(({ kid }) => kid);
    /** What the node's follower does, in one go. */
    const follow = async () => signing.held.takeOver((await readSigningKeys(log, stream)).state);
    const act = async () => {
      await follow();
      await signing.look();
      expect(await follow()).toBe(true);
    };
    return { log, signing, active, accepted, follow, act };
  }
}

describe('starting', () => {
  test('keys are made as large as they are asked for, and taken over as they are', async () => {
    const story = new Story();
    const sizes = { hs256: 512, rs256: 2_048 };
    const first = await story.start({ needed: ['hs256', 'rs256', 'es256'], sizes });
    const second = await story.start({ needed: ['hs256', 'rs256', 'es256'] });
    for (const node of [first, second]) {
      expect((['hs256', 'rs256', 'es256'] as const).map((name) => node.active(name).bits)).toEqual([512, 2_048, 256]);
    }
  });

  test('nodes with one secret have the same keys, whoever comes first', async () => {
    const story = new Story();
    const [one, two] = await Promise.all([story.start(), story.start()]);
    const three = await story.start({ needed: ['es256'] });
    for (const name of ['hs256', 'es256'] as const) {
      const keys = [one, two, three].map((node) => node.active(name));
      expect(new Set(keys.map(({ kid }) => kid)).size).toBe(1);
      expect(keys.every(({ signing }) => keys[0]?.signing.equals(signing))).toBe(true);
    }
  });

  test('the log never holds a key that could be read', async () => {
    const story = new Story();
    const node = await story.start();
    const written = JSON.stringify([
      await node.log.readEntries('realm', '0-0', 100),
      await node.log.readUser('realm', 'signing-keys'),
    ]);
    for (const name of ['hs256', 'es256'] as const) {
      const { kid, signing } = node.active(name);
      expect(written).toContain(kid);
      const secretPart = signing.export({ format: 'jwk' });
      expect(written).not.toContain(secretPart.k ?? secretPart.d ?? '');
    }
    expect(written).not.toContain(story.secret.toString('base64url'));
  });

  test('with another secret than the realm is refused, naming the setting and the remedy', async () => {
    const story = new Story();
    await story.start();
    await expect(story.start({ secret: randomBytes(32) })).rejects.toMatchObject({
      code: 'ERR_INPUT_INVALID',
      faults: [{ place: 'secret', message: expect.stringMatching(/realm shop.*secret of the realm's other nodes/) }],
    });
    const types = (await (await story.start()).log.readEntries('realm', '0-0', 100)).map(({ event }) => event.type);
    expect(types).toHaveLength(4);
  });

  test('a realm moves to another secret: the one before opens its keys until they have been rotated', async () => {
    const story = new Story();
    const before = await story.start();
    const secret = randomBytes(32);
    const between = await story.start({ secret, previousSecret: story.secret });
    for (const name of ['hs256', 'es256'] as const) {
      expect(between.active(name).kid).toBe(before.active(name).kid);
      await between.signing.rotate(name, 'at-activation');
    }
    await expect(story.start({ secret })).rejects.toMatchObject({ code: 'ERR_INPUT_INVALID' });
    story.clock.advance(activationDelayMillis);
    await between.act();
    const after = await story.start({ secret });
    for (const name of ['hs256', 'es256'] as const) expect(after.accepted(name)).toEqual([between.active(name).kid]);
  });

  test('with an invented secret a node has keys of its own, and disturbs nobody', async () => {
    const story = new Story();
    const shared = await story.start();
    const own = await story.start({ secret: randomBytes(32), stream: 'signing-keys:own' });
    const kid = shared.active('es256').kid;
    expect(own.active('es256').kid).not.toBe(kid);
    expect(await shared.follow()).toBe(true);
    expect(shared.accepted('es256')).toEqual([kid]);
  });
});

describe('a key of the configuration', () => {
  test('signs at once in a new realm, and every node has it', async () => {
    const story = new Story();
    const given = testKey('es256');
    await story.start({ given: [given] });
    expect((await story.start()).active('es256').kid).toBe(given.kid);
  });

  test('is staged where another signs, and takes over', async () => {
    const story = new Story();
    const first = await story.start();
    const old = first.active('es256').kid;
    const given = testKey('es256');
    const second = await story.start({ given: [given] });
    expect([second.active('es256').kid, second.accepted('es256')]).toEqual([old, [old, given.kid]]);
    story.clock.advance(activationDelayMillis);
    await first.act();
    await second.follow();
    expect([first, second].map((node) => node.active('es256').kid)).toEqual([given.kid, given.kid]);
  });

  test('that no strategy needs stays out of the log', async () => {
    const story = new Story();
    await story.start({ needed: ['hs256'], given: [testKey('es256')] });
    expect((await story.start({ needed: [] })).accepted('es256')).toEqual([]);
  });

  test('that was retired stays retired, and the operator is told', async () => {
    const story = new Story();
    const given = testKey('es256');
    const node = await story.start({ given: [given] });
    await node.signing.rotate('es256', 'at-activation');
    story.clock.advance(activationDelayMillis);
    await node.act();
    const again = await story.start({ given: [given] });
    expect(again.accepted('es256')).not.toContain(given.kid);
    expect(story.told).toEqual([
      { type: 'configured-key-is-over', algorithm: 'es256', kid: given.kid, phase: 'retired' },
    ]);
  });
});

describe('the schedule', () => {
  test('is kept by whichever node is there', async () => {
    const story = new Story();
    const [rotating, other] = [await story.start(), await story.start()];
    const old = other.active('es256').kid;
    const rotated = await rotating.signing.rotate('es256', 'when-expired');
    await rotating.signing.stop();
    await other.follow();
    expect(other.accepted('es256')).toEqual([old, rotated?.kid]);
    await other.act();
    expect(other.active('es256').kid).toBe(old);
    story.clock.advance(activationDelayMillis);
    await other.act();
    expect([other.active('es256').kid, other.accepted('es256')]).toEqual([rotated?.kid, [old, rotated?.kid]]);
    story.clock.advance(retirementDelayMillis);
    await other.act();
    expect(other.accepted('es256')).toEqual([rotated?.kid]);
    expect(other.accepted('hs256')).toHaveLength(1);
  });

  test('asks the log nothing while nothing is due', async () => {
    const story = new Story();
    const node = await story.start();
    node.log.faults.fail('read', 'request', 1_000);
    await node.signing.look();
    expect(story.told).toEqual([]);
  });

  test('tells once that it is stuck, and goes on by itself', async () => {
    const story = new Story();
    const node = await story.start();
    const rotated = await node.signing.rotate('es256', 'when-expired');
    await node.follow();
    story.clock.advance(activationDelayMillis);
    node.log.faults.fail('append', 'request', 2);
    for (let looks = 0; looks < 4; looks += 1) await node.signing.look();
    expect(story.told).toEqual([
      { type: 'signing-keys-stuck', code: 'ERR_LOG_UNAVAILABLE' },
      { type: 'signing-keys-unstuck' },
    ]);
    await node.follow();
    expect(node.active('es256').kid).toBe(rotated?.kid);
  });

  test('makes new keys when the log came back without any', async () => {
    const story = new Story();
    const node = await story.start();
    const old = node.active('es256').kid;
    story.server.restart({ empty: true });
    await node.follow();
    expect(() => node.active('es256')).toThrow(/No ES256 key is active/);
    await node.act();
    expect(node.active('es256').kid).not.toBe(old);
    expect(node.accepted('es256')).toHaveLength(1);
  });

  test('rotates nothing that this node does not sign by', async () => {
    const node = await new Story().start({ needed: ['hs256'] });
    for (const name of ['es256', 'none', 'toString', ''])
      expect(await node.signing.rotate(name, 'when-expired')).toBeNull();
  });
});
