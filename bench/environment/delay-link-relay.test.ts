/** What happens to connections over the delay link, before servers that echo, end, stall and vanish. Needs the compiled programs. */

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Supervisor } from './environment.ts';
import { startSupervisor } from './supervisor.ts';
import { DelayLinkTests, echoMillis } from './test-delay-link.ts';

/** A machine that does other things as well makes everything here slow, and nothing wrong. */
const patience = { timeout: 30_000 };

const tests = new DelayLinkTests();
let supervisor: Supervisor;

beforeAll(async () => {
  supervisor = await startSupervisor();
});

afterEach(() => tests.close());

afterAll(() => supervisor.close());

describe('connections over the delay link', patience, () => {
  it('take the added time, from the moment it is set, and stand while it changes', async () => {
    const link = await tests.start(supervisor, await tests.serveEcho());
    const socket = await tests.dial(link);
    await echoMillis(socket);
    for (const addedMillis of [60, 0.5, 30]) {
      await link.setAddedMillis(addedMillis);
      const trips = [await echoMillis(socket), await echoMillis(socket), await echoMillis(socket)];
      // Never less, by any clock; more where the machine is busy.
      expect(Math.min(...trips)).toBeGreaterThanOrEqual(addedMillis - 0.05);
    }
    await link.setAddedMillis(0);
    await expect.poll(() => echoMillis(socket), patience).toBeLessThan(20);
  });

  it('carry 10 MB each way unchanged at 2 ms, to the last byte before the end', async () => {
    const link = await tests.start(supervisor, await tests.serveEcho());
    await link.setAddedMillis(2);
    const socket = await tests.dial(link);
    const sent = randomBytes(10_000_000);
    socket.end(sent);
    expect((await buffer(socket)).equals(sent)).toBe(true);
  });

  it('keep what many say apart, each in order', async () => {
    const link = await tests.start(supervisor, await tests.serveEcho());
    await link.setAddedMillis(3);
    const talks = Array.from({ length: 100 }, async (_, index) => {
      const socket = await tests.dial(link);
      const heard = buffer(socket);
      const words = Array.from({ length: 20 }, (_, word) => `${index}:${word} `);
      for (const word of words) {
        socket.write(word);
        await new Promise(setImmediate);
      }
      socket.end();
      return { heard: `${await heard}`, sent: words.join('') };
    });
    for (const { heard, sent } of await Promise.all(talks)) expect(heard).toBe(sent);
  });

  it('may end in one direction and go on in the other', async () => {
    const link = await tests.start(
      supervisor,
      await tests.serve((socket) => {
        socket.end('only this');
        // It has said its last word, and hears on.
        socket.on('data', (chunk) => heardByTarget.push(`${chunk}`));
        socket.on('end', () => heardByTarget.push('end'));
      }),
    );
    const heardByTarget: string[] = [];
    await link.setAddedMillis(1);
    const socket = await tests.dial(link);
    const [said] = await Promise.all([once(socket, 'data'), once(socket, 'end')]);
    expect(`${said}`).toBe('only this');
    socket.end('a late answer');
    await vi.waitFor(() => expect(heardByTarget).toEqual(['a late answer', 'end']), patience);
  });

  it('hold back a sender whose receiver takes nothing, and lose nothing by it', async () => {
    let receiver: Socket | null = null;
    const link = await tests.start(
      supervisor,
      await tests.serve((socket) => {
        receiver = socket.pause();
      }),
    );
    await link.setAddedMillis(4);
    const socket = await tests.dial(link);
    const megabyte = Buffer.alloc(1_000_000, 'x');
    let written = 0;
    // As long as the kernel's buffers and the link's take it; without an end to that, until 200 MB.
    while (written < 200 && (await accepted(socket, megabyte))) written += 1;
    expect(written).toBeLessThan(200);
    await vi.waitFor(() => expect(receiver).not.toBeNull(), patience);
    const received = buffer(receiver as unknown as Socket);
    socket.end();
    expect((await received).length).toBe((written + 1) * megabyte.length);
  });

  it('are reset when the target refuses, and when it resets', async () => {
    const echo = await tests.serveEcho();
    const link = await tests.start(supervisor, echo);
    tests.stopServing();
    const [refused] = await once(await tests.dial(link), 'error');
    expect(refused).toMatchObject({ code: 'ECONNRESET' });
    const resetting = await tests.start(
      supervisor,
      await tests.serve((socket) => socket.once('data', () => socket.resetAndDestroy())),
    );
    const socket = await tests.dial(resetting);
    socket.write('?');
    expect((await once(socket, 'error'))[0]).toMatchObject({ code: 'ECONNRESET' });
  });

  it('reset the target when the client does', async () => {
    const ends: unknown[] = [];
    const link = await tests.start(
      supervisor,
      await tests.serve((socket) => {
        socket.on('error', (error) => ends.push('code' in error && error.code)).pipe(socket);
      }),
    );
    const socket = await tests.dial(link);
    await echoMillis(socket);
    socket.resetAndDestroy();
    await vi.waitFor(() => expect(ends).toEqual(['ECONNRESET']), patience);
    // The link lives on.
    await echoMillis(await tests.dial(link));
  });
});

/** Whether the connection takes so much within a second. */
function accepted(socket: Socket, chunk: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 1_000, false);
    socket.write(chunk, () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
