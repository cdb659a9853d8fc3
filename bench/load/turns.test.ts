/** A load that is held: no request more, the same connections afterwards, and nothing counted meanwhile. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AnsweringServer, bearerHeaders, startAnsweringServer } from './answering-server.ts';
import { startClosedLoop } from './closed-loop.ts';
import { CredentialPool } from './credential-pool.ts';

const patience = { timeout: 60_000 };
const connections = 3;
let target: AnsweringServer;

beforeEach(async () => {
  target = await startAnsweringServer();
});
afterEach(() => target.close());

describe('a load that is held', patience, () => {
  it('has every answer, sends nothing more, and goes on over the same connections', async () => {
    const load = startClosedLoop(
      { baseUrl: target.baseUrl, path: '/', connections },
      new CredentialPool(bearerHeaders(9)),
    );
    await load.flowing;
    for (let turn = 0; turn < 5; turn += 1) {
      await load.hold();
      const sent = target.requests();
      // Whatever had been sent would have arrived before this.
      expect((await fetch(target.baseUrl)).status).toBe(200);
      expect(target.requests()).toBe(sent + 1);
      load.go();
      await vi.waitFor(() => expect(target.requests()).toBeGreaterThan(sent + 20), patience);
    }
    await load.hold();
    const result = await load.stop();
    expect(result.errors).toBe(0);
    expect(result.requests).toBe(target.requests() - 5);
    expect(target.seen.get('Bearer token-0')).toBeGreaterThan(1);
  });

  it('is done with holding when a request gets no answer', async () => {
    const silent = await startAnsweringServer({ serviceMillis: 600_000 });
    try {
      const load = startClosedLoop(
        { baseUrl: silent.baseUrl, path: '/', connections },
        new CredentialPool(bearerHeaders(1)),
      );
      await vi.waitFor(() => expect(silent.requests()).toBe(connections), patience);
      await load.hold();
      await load.stop();
      expect(silent.requests()).toBe(connections);
    } finally {
      await silent.close();
    }
  });

  it('counts no time in which it was held', async () => {
    const startedAt = performance.now();
    const load = startClosedLoop(
      { baseUrl: target.baseUrl, path: '/', connections },
      new CredentialPool(bearerHeaders(9)),
    );
    await load.flowing;
    await load.hold();
    const heldAt = performance.now();
    await vi.waitFor(() => expect(performance.now() - heldAt).toBeGreaterThan(300), patience);
    const { durationMillis } = await load.stop();
    expect(durationMillis).toBeGreaterThan(0);
    expect(durationMillis).toBeLessThan(performance.now() - startedAt - 300);
  });
});
