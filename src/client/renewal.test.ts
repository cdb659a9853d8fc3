/** The renewal of an access token: once for all, one retry each, and never without an end. */

import { describe, expect, test, vi } from 'vitest';
import { ClientError } from './client-error.ts';
import {
  gate,
  invalidGrant,
  invalidToken,
  json,
  problem,
  unavailable,
  withOldToken,
} from './scripted-server.contract.ts';

const paths = (requests: readonly { readonly path: string }[]) => requests.map(({ path }) => path);

describe('an access token that is refused', () => {
  test('fifty requests share one refresh and are sent once more each', async () => {
    const { server, client, losses } = await withOldToken();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => client.request(`/items/${index}`)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(server.sent('/auth/refresh')).toHaveLength(1);
    expect(server.requests).toHaveLength(101);
    for (let index = 0; index < 50; index += 1) {
      expect(server.sent(`/items/${index}`).map(({ token }) => token)).toEqual(['token-1', 'token-2']);
    }
    expect(losses()).toBe(0);
  });

  test('a request that meets a refresh under way waits for that one', async () => {
    const { server, client } = await withOldToken();
    const answered = gate();
    server.refreshes.push(async () => {
      await answered.opened;
      return server.issue();
    });
    const first = client.profile();
    await vi.waitFor(() => expect(server.sent('/auth/refresh')).toHaveLength(1));
    const second = client.request('/late');
    await vi.waitFor(() => expect(server.sent('/late')).toHaveLength(1));
    answered.open();
    expect((await second).status).toBe(200);
    await first;
    expect(server.sent('/auth/refresh')).toHaveLength(1);
  });

  test('a late answer to a token that has been replaced meanwhile needs no refresh of its own', async () => {
    const { server, client } = await withOldToken();
    const late = gate();
    server.routes.set('/slow', async ({ token }) => {
      if (token === server.valid) return json(200, {});
      await late.opened;
      return invalidToken();
    });
    const slow = client.request('/slow');
    await client.profile();
    late.open();
    expect((await slow).status).toBe(200);
    expect(server.sent('/slow').map(({ token }) => token)).toEqual(['token-1', 'token-2']);
    expect(server.sent('/auth/refresh')).toHaveLength(1);
  });

  test('a 401 after the retry is the answer: no second refresh, no third attempt', async () => {
    const { server, client, losses } = await withOldToken();
    server.routes.set('/never', invalidToken);
    expect((await client.request('/never')).status).toBe(401);
    expect(paths(server.requests)).toEqual(['/never', '/auth/refresh', '/never']);
    expect(losses()).toBe(0);
  });

  test('the retry is the same request, the body included', async () => {
    const { server, client } = await withOldToken();
    const form = new FormData();
    form.set('name', 'value');
    const bodies = ['text', new URLSearchParams({ a: '1' }), new Uint8Array([1, 2]), new Blob(['b']), form];
    for (const body of bodies) {
      server.valid = undefined;
      server.requests.length = 0;
      const answer = await client.request('/items', { method: 'PUT', body, headers: { 'x-mark': 'kept' } });
      expect(answer.status).toBe(200);
      const [first, second] = server.sent('/items');
      expect(second?.init.body).toBe(body);
      expect([first, second].map((sent) => [sent?.method, sent?.headers.get('x-mark')])).toEqual([
        ['PUT', 'kept'],
        ['PUT', 'kept'],
      ]);
    }
  });

  test('a stream is not sent twice: its 401 is the answer, and the next request finds a new token', async () => {
    const { server, client } = await withOldToken();
    const streams = [new Blob(['once']).stream(), (async function* () {})()];
    for (const body of streams) {
      server.valid = undefined;
      server.requests.length = 0;
      const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
      const answer = await client.request('/upload', init);
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ error: 'invalid_token' });
      expect(paths(server.requests)).toEqual(['/upload', '/auth/refresh']);
      await client.profile();
      expect(server.sent('/auth/refresh')).toHaveLength(1);
    }
  });

  test('a refresh carries no access token, and demands JSON and no redirect', async () => {
    const { server, client } = await withOldToken();
    await client.profile();
    const [refresh] = server.sent('/auth/refresh');
    expect(refresh).toMatchObject({ method: 'POST', token: undefined, init: { redirect: 'error' } });
    expect(refresh?.headers.get('content-type')).toBe('application/json');
  });
});

describe('a refresh that is refused', () => {
  test('ends the session: told once, every request has its own 401, and nothing is refreshed any more', async () => {
    const { server, client, losses, pauses } = await withOldToken();
    server.refreshes.push(invalidGrant);
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.request('/items')));
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ error: 'invalid_token' });
    }
    expect(server.sent('/items')).toHaveLength(20);
    expect(losses()).toBe(1);
    expect(pauses).toEqual([]);
    await expect(client.profile()).rejects.toMatchObject({ status: 401 });
    expect(server.sent('/profile').map(({ token }) => token)).toEqual([undefined]);
    expect(server.sent('/auth/refresh')).toHaveLength(1);
    expect(losses()).toBe(1);
  });

  test('the next login begins anew', async () => {
    const { server, client, losses } = await withOldToken();
    server.refreshes.push(invalidGrant, invalidGrant);
    await client.request('/items');
    await client.login('alice', 'secret');
    await expect(client.profile()).resolves.toMatchObject({ sub: 'alice' });
    server.valid = undefined;
    await client.request('/items');
    expect(losses()).toBe(2);
  });

  test.each([404, 405])('where nothing can be refreshed (%i) it is refused', async (status) => {
    const { server, client, losses } = await withOldToken();
    server.refreshes.push(() => problem('not-found', status));
    expect((await client.request('/items')).status).toBe(401);
    expect(losses()).toBe(1);
  });
});

describe('a refresh of unknown outcome', () => {
  const unknown: readonly (readonly [string, () => Response])[] = [
    ['no answer', () => raise(new TypeError('fetch failed'))],
    ['503', unavailable],
    ['502 of a proxy', () => new Response('<html>', { status: 502 })],
    ['200 that is no grant', () => new Response('<html>')],
    ['200 without a token', () => json(200, { token_type: 'Cookie', expires_in: 1 })],
    ['a token no header could carry', () => json(200, { token_type: 'Bearer', expires_in: 1, access_token: 'a\nb' })],
  ];

  test.each(unknown)('is repeated, after a pause: %s', async (_, fail) => {
    const { server, client, pauses, losses } = await withOldToken();
    server.refreshes.push(fail, fail);
    await expect(client.profile()).resolves.toMatchObject({ sub: 'alice' });
    expect(server.sent('/auth/refresh')).toHaveLength(3);
    expect(pauses).toEqual([250, 1_000]);
    expect(losses()).toBe(0);
  });

  test.each(unknown)("after three attempts the fault is the caller's: %s", async (_, fail) => {
    const { server, client, losses } = await withOldToken();
    server.refreshes.push(fail, fail, fail);
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => client.request('/items')));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(Error) });
    expect(server.sent('/auth/refresh')).toHaveLength(3);
    expect(losses()).toBe(0);
    // The session may live on: the next request asks again.
    expect((await client.request('/items')).status).toBe(200);
  });

  test('the fault of a 503 says so', async () => {
    const { server, client } = await withOldToken();
    server.refreshes.push(unavailable, unavailable, unavailable);
    const fault = await client.profile().catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(ClientError);
    expect(fault).toMatchObject({ status: 503, problem: { type: 'urn:authlab:problem:unavailable' } });
  });

  test.each([400, 401, 403, 429])(
    '%i without invalid_grant is no refusal of the session, and not repeated',
    async (status) => {
      const { server, client, pauses, losses } = await withOldToken();
      server.refreshes.push(() => problem('other', status));
      await expect(client.request('/items')).rejects.toMatchObject({ status });
      expect(pauses).toEqual([]);
      expect(losses()).toBe(0);
      expect((await client.request('/items')).status).toBe(200);
    },
  );

  test('an attempt without an answer is given up in time', async () => {
    vi.useFakeTimers();
    const deadlines = vi.spyOn(AbortSignal, 'timeout');
    try {
      const { server, client } = await withOldToken();
      deadlines.mockImplementation((millis) => {
        const controller = new AbortController();
        setTimeout(() => controller.abort(new DOMException('late', 'TimeoutError')), millis);
        return controller.signal;
      });
      server.refreshes.push(({ init }) => untilAborted(init.signal));
      const answer = client.request('/items');
      await vi.advanceTimersByTimeAsync(2_999);
      expect(server.sent('/auth/refresh')).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      expect((await answer).status).toBe(200);
      expect(server.sent('/auth/refresh')).toHaveLength(2);
    } finally {
      deadlines.mockRestore();
      vi.useRealTimers();
    }
  });
});

function raise(error: Error): never {
  throw error;
}

function untilAborted(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
}
