/** Turns are taken one after the other: within a client, and by Web Locks over the tabs of a browser. */

import { afterEach, describe, expect, test, vi } from 'vitest';
import { browserLocks, exclusively, type Locks } from './exclusive.ts';
import { gate, scripted } from './scripted-server.contract.ts';

/** Locks by name, as the Web Locks API grants them: in the order of the requests. */
class TestLocks implements Locks {
  readonly names: string[] = [];
  readonly #queues = new Map<string, Promise<unknown>>();

  async request<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.names.push(name);
    const before = this.#queues.get(name);
    const turn = (async () => {
      await before?.catch(() => {});
      return work();
    })();
    this.#queues.set(name, turn);
    return turn;
  }
}

afterEach(() => vi.unstubAllGlobals());

describe.each([
  ['without locks', () => exclusively(null, 'x')],
  ['with locks', () => exclusively(new TestLocks(), 'x')],
] as const)('%s', (_, create) => {
  test('work waits for the work before it, also for one that fails, and answers for itself', async () => {
    const exclusive = create();
    const done = gate();
    const story: string[] = [];
    const first = exclusive(async () => {
      story.push('first begins');
      await done.opened;
      story.push('first ends');
      throw new Error('first');
    });
    const second = exclusive(async () => {
      story.push('second');
      return 2;
    });
    done.open();
    await expect(first).rejects.toThrow('first');
    expect(await second).toBe(2);
    expect(story).toEqual(['first begins', 'first ends', 'second']);
  });
});

test('two tabs of one server refresh one after the other, and leave another server alone', async () => {
  const locks = new TestLocks();
  const answered = gate();
  const [tab, other, elsewhere] = [
    scripted({ locks }),
    scripted({ locks }),
    scripted({ locks, strategy: 'hybrid-es256' }),
  ];
  tab.server.refreshes.push(async () => {
    await answered.opened;
    return tab.server.issue();
  });
  const first = tab.client.profile();
  await vi.waitFor(() => expect(tab.server.sent('/auth/refresh')).toHaveLength(1));
  const second = other.client.profile();
  await vi.waitFor(() => expect(locks.names).toHaveLength(2));
  await elsewhere.client.request('/x');
  expect(other.server.sent('/auth/refresh')).toEqual([]);
  answered.open();
  await Promise.all([first, second]);
  expect(other.server.sent('/auth/refresh')).toHaveLength(1);
  expect(new Set(locks.names)).toEqual(
    new Set(['authlab https://api.test/jwt-hs256', 'authlab https://api.test/hybrid-es256']),
  );
});

test("a browser's locks are found where there are some, and nowhere else", () => {
  const locks = new TestLocks();
  vi.stubGlobal('navigator', { locks });
  expect(browserLocks()).toBeNull();
  vi.stubGlobal('isSecureContext', true);
  expect(browserLocks()).toBe(locks);
  vi.stubGlobal('navigator', {});
  expect(browserLocks()).toBeNull();
  vi.stubGlobal('navigator', undefined);
  expect(browserLocks()).toBeNull();
});

test('in a browser, a base URL may be relative to the page', async () => {
  vi.stubGlobal('location', { href: 'https://api.test/app/index.html' });
  const { server, client } = scripted({ baseUrl: '/' });
  await client.login('alice', 'secret');
  expect(server.sent('/auth/login')).toHaveLength(1);
});
