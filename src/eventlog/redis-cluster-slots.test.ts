/** Who owns a slot, and which Sentinel is right, where they do not agree. */

import { describe, expect, it } from 'vitest';
import { latestOwner, readClusterAnswer } from './redis-cluster-slots.ts';
import { latestAnswer } from './redis-sentinel.ts';

const [a, b, c] = [`${'a'.repeat(40)}`, `${'b'.repeat(40)}`, `${'c'.repeat(40)}`];

function answer(epochs: readonly [number, number], owner: 'a' | 'b' = 'a') {
  const [master, port, epoch] = owner === 'a' ? [a, 7_001, epochs[0]] : [b, 7_002, epochs[1]];
  const slots = [[0, 16_383, ['10.0.0.1', port, master, []], ['10.0.0.3', 7_003, c, []]]];
  const nodes = `${master} 10.0.0.1:${port}@17001 myself,master - 0 0 ${epoch} connected 0-16383\n`;
  return readClusterAnswer(slots, nodes, '10.0.0.9:7009');
}

describe('what a node of a Cluster says', () => {
  it('is who owns which slots in which epoch, and who else there is, masters first', () => {
    expect(answer([4, 0])).toEqual({
      ranges: [{ from: 0, to: 16_383, host: { host: '10.0.0.1', port: 7_001 }, epoch: 4 }],
      hosts: [
        { host: '10.0.0.1', port: 7_001 },
        { host: '10.0.0.3', port: 7_003 },
      ],
    });
  });

  it.each([[null], [''], ['?']])('names itself by the address that was asked when it knows no other: %j', (name) => {
    const read = (address: string) =>
      readClusterAnswer([[0, 1, [name, 7_000, a]]], `${a} :7000@1 m - 0 0 1 c`, address);
    expect(read('redis.example:6379').hosts).toEqual([{ host: 'redis.example', port: 7_000 }]);
    expect(read('[::1]:6379').hosts).toEqual([{ host: '::1', port: 7_000 }]);
  });
});

describe('the owner of a slot', () => {
  const [older, newer] = [answer([4, 0]), answer([0, 5], 'b')];
  const known = { host: { host: '10.0.0.1', port: 7_002 }, epoch: 5 };

  it('is who claims it in the highest epoch, whoever was asked first', () => {
    for (const answers of [
      [older, newer],
      [newer, older],
    ]) {
      expect(latestOwner(answers, 5_000, null, true)).toMatchObject({ host: { port: 7_002 }, epoch: 5 });
    }
  });

  it('is not given up for an older one unless all have answered', () => {
    expect(latestOwner([older], 5_000, known, false)).toBeNull();
    expect(latestOwner([older], 5_000, known, true)).toMatchObject({ epoch: 4 });
    expect(latestOwner([newer], 5_000, { ...known, epoch: 4 }, false)).toMatchObject({ epoch: 5 });
    expect(latestOwner([older], 5_000, null, false)).toMatchObject({ epoch: 4 });
  });

  it('is nobody where nobody claims it', () => {
    expect(latestOwner([readClusterAnswer([], '', 'a:1')], 1, null, true)).toBeNull();
    expect(latestOwner([], 1, null, true)).toBeNull();
  });
});

describe('the Sentinel to believe', () => {
  const [older, newer] = [
    { primary: { host: 'one', port: 1 }, epoch: 1 },
    { primary: { host: 'two', port: 2 }, epoch: 2 },
  ];

  it('knows of the latest failover', () => {
    expect(latestAnswer([older, newer, older], null, false)).toBe(newer);
    expect(latestAnswer([newer, older], older, false)).toBe(newer);
  });

  it('is none that has heard less than we, unless all have answered', () => {
    expect(latestAnswer([older], newer, false)).toBeNull();
    expect(latestAnswer([older], newer, true)).toBe(older);
    expect(latestAnswer([], null, true)).toBeNull();
  });
});
