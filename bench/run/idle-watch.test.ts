import { describe, expect, it } from 'vitest';
import type { LabNode, NodeUsage } from '../environment/environment.ts';
import { IdleWatch } from './idle-watch.ts';

/** A node whose counters a test moves; each reading is a request that costs it 300 microseconds before it is answered. */
function fakeNode(index: number) {
  const node = { index, baseUrl: '', strategies: [] } as unknown as LabNode;
  const usage = {
    cpuMicros: 1_000,
    eventLoopActiveMillis: 0,
    eventLoopIdleMillis: 0,
    rssBytes: 1,
    requests: 7,
    atMillis: 50,
  };
  return { node, usage };
}

function fakePair() {
  const [own, other] = [fakeNode(1), fakeNode(2)];
  const usages = new Map([own, other].map(({ node, usage }) => [node, usage]));
  const read = async (node: LabNode): Promise<NodeUsage> => {
    const usage = usages.get(node);
    if (usage === undefined) throw new Error('nobody knows this node');
    usage.requests += 1;
    usage.cpuMicros += 300;
    return { ...usage };
  };
  const pass = (millis: number, ownMicros: number, otherMicros: number) => {
    own.usage.atMillis += millis;
    other.usage.atMillis += millis;
    own.usage.cpuMicros += ownMicros;
    other.usage.cpuMicros += otherMicros;
  };
  return { nodes: { node: own.node, reference: other.node }, own, pass, watch: new IdleWatch(250, read) };
}

describe('an idle watch', () => {
  it('tells what both have spent since they were last asked, without the readings themselves', async () => {
    const { nodes, pass, watch } = fakePair();
    await watch.begin('jwt', nodes);
    pass(4_000, 21_000, 900);
    expect(await watch.end('jwt', nodes)).toEqual({
      contestantIdle: { durationMillis: 4_000, cpuMicros: 21_000 },
      referenceIdle: { durationMillis: 4_000, cpuMicros: 900 },
    });
  });

  it('tells nothing before a first round, of other processes, and twice of the same time', async () => {
    const { nodes, pass, watch } = fakePair();
    expect(await watch.end('jwt', nodes)).toBeNull();
    await watch.begin('jwt', nodes);
    pass(4_000, 1, 1);
    expect(await watch.end('jwt', { ...nodes, reference: fakeNode(3).node })).toBeNull();
    expect(await watch.end('jwt', nodes)).toBeNull();
  });

  it('tells nothing of less than two beats, nor where somebody has asked', async () => {
    const { nodes, own, pass, watch } = fakePair();
    await watch.begin('jwt', nodes);
    pass(499, 1, 1);
    expect(await watch.end('jwt', nodes)).toBeNull();
    await watch.begin('jwt', nodes);
    pass(4_000, 1, 1);
    own.usage.requests += 1;
    expect(await watch.end('jwt', nodes)).toBeNull();
  });
});
