/** The check before measuring, against toys that do their work and toys that do not. */

import { afterEach, describe, expect, it } from 'vitest';
import { logIn } from '../workload/log-in.ts';
import { startToy, type Toy, type ToyOptions } from '../workload/toy-contestant.ts';
import { checkCorrectness } from './correctness.ts';

const toys: Toy[] = [];

afterEach(async () => {
  await Promise.all(toys.splice(0).map((toy) => toy.close()));
});

async function check(options: ToyOptions, boundMillis: number | null = 0): Promise<readonly string[]> {
  const toy = await startToy(options);
  toys.push(toy);
  const [one, two] = await logIn(toy.contestant, 2);
  if (!one || !two) throw new Error('two logins were asked for');
  const faults = await checkCorrectness({
    contestant: toy.contestant,
    credential: one.credential,
    victim: two.credential,
    boundMillis,
  });
  return faults.map(({ place, message }) => `${place}: ${message}`);
}

describe('checkCorrectness', () => {
  it('passes a contestant that accepts, refuses and revokes', async () => {
    expect(await check({})).toEqual([]);
  });

  it('passes one that revokes within its bound, and fails it beyond', async () => {
    expect(await check({ acceptsForMillis: () => 50 }, 5_000)).toEqual([]);
    expect(await check({ acceptsForMillis: (node) => (node === 1 ? 5_000 : 0) }, 30)).toEqual([
      'toy node 1: accepts a credential more than 30 ms after its revocation was acknowledged',
    ]);
  });

  it('does not ask a contestant that cannot revoke to do so', async () => {
    expect(await check({ acceptsForMillis: () => Number.POSITIVE_INFINITY }, null)).toEqual([]);
  });

  it('finds one that refuses everybody', async () => {
    expect(await check({ override: (node) => (node === 0 ? 401 : null) })).toEqual([
      'toy node 0: answers a valid credential with 401',
      'toy node 0: answers a valid credential with 401',
    ]);
  });

  it('finds one that accepts everybody', async () => {
    expect(await check({ nodes: 1, override: () => 200 })).toEqual([
      'toy node 0: accepts a request without a credential',
      'toy node 0: accepts a credential that was tampered with',
    ]);
  });

  it('finds one that looks for a credential, but not at it', async () => {
    expect(await check({ nodes: 1, override: (_node, token) => (token === null ? 401 : 200) })).toEqual([
      'toy node 0: accepts a credential that was tampered with',
    ]);
  });

  it('lets a contestant that says it checks nothing check nothing', async () => {
    const options: ToyOptions = { override: () => 200, traits: { bound: 'unbounded', transport: 'ignored' } };
    expect(await check(options, null)).toEqual([]);
    expect(await check({ ...options, override: () => 503 }, null)).toHaveLength(4);
  });

  it('finds one that does not acknowledge', async () => {
    expect(await check({ revokeStatus: 503 })).toEqual(['toy: does not acknowledge a revocation (status 503)']);
  });
});
