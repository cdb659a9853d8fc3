/** The generator's side of the protocol, spoken to over a real socket. */

import { connect, createServer, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AnsweringServer, bearerHeaders, startAnsweringServer } from './answering-server.ts';
import { serveGenerator } from './generator-service.ts';
import type { GeneratorAnswer, GeneratorCommand } from './protocol.ts';

/** A machine that does other things as well makes everything here slow, and nothing wrong. */
const patience = { timeout: 60_000 };

let target: AnsweringServer;
let lab: Socket;
let answers: Interface;
let served: Promise<void>;

beforeEach(async () => {
  target = await startAnsweringServer();
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const accepted = new Promise<Socket>((resolve) => listener.once('connection', resolve));
  const address = listener.address();
  served = serveGenerator(connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1'));
  lab = await accepted;
  answers = createInterface({ input: lab });
  listener.close();
});

afterEach(async () => {
  lab.destroy();
  await served;
  await target.close();
});

let nextId = 1;

function ask(command: GeneratorCommand): Promise<GeneratorAnswer> {
  const id = nextId++;
  return new Promise((resolve) => {
    const hear = (line: string): void => {
      const answer = JSON.parse(line) as GeneratorAnswer;
      if (answer.id !== id) return;
      answers.off('line', hear);
      resolve(answer);
    };
    answers.on('line', hear);
    lab.write(`${JSON.stringify({ id, command })}\n`);
  });
}

const keyed = () => ({ baseUrl: target.baseUrl, path: '/p', connections: 2, credentialsKey: 'jwt' });

describe('the load generator', patience, () => {
  it('runs a window with credentials that were handed over before', async () => {
    await ask({ type: 'keep-credentials', key: 'jwt', credentials: bearerHeaders(2) });
    const answer = await ask({ type: 'run-window', window: { ...keyed(), durationMillis: 100 } });
    expect(answer).toMatchObject({ ok: true, results: [{ errors: 0 }] });
    expect(target.seen.size).toBe(2);
  });

  it('refuses a window whose credentials it does not have, or has forgotten', async () => {
    const window = { ...keyed(), durationMillis: 100 };
    const refusal = { ok: false, message: 'no credentials are kept for jwt' };
    expect(await ask({ type: 'run-window', window })).toMatchObject(refusal);
    await ask({ type: 'keep-credentials', key: 'jwt', credentials: bearerHeaders(1) });
    await ask({ type: 'forget-credentials', key: 'jwt' });
    expect(await ask({ type: 'run-window', window })).toMatchObject(refusal);
    expect(target.requests()).toBe(0);
  });

  it('keeps a load on several targets until it is stopped, and reports each', async () => {
    const other = await startAnsweringServer();
    try {
      await ask({ type: 'keep-credentials', key: 'jwt', credentials: bearerHeaders(5) });
      await ask({ type: 'start-load', targets: [keyed(), { ...keyed(), baseUrl: other.baseUrl }] });
      await vi.waitFor(() => expect(Math.min(target.requests(), other.requests())).toBeGreaterThan(50), patience);
      expect(await ask({ type: 'run-window', window: { ...keyed(), durationMillis: 100 } })).toMatchObject({
        ok: false,
        message: 'another load is still running',
      });
      const answer = await ask({ type: 'stop-load' });
      if (!answer.ok) throw new Error(answer.message);
      const counted = answer.results.map(({ requests }) => requests);
      expect(target.requests() - (counted[0] ?? 0)).toBeLessThanOrEqual(2);
      expect(other.requests() - (counted[1] ?? 0)).toBeLessThanOrEqual(2);
      expect(await ask({ type: 'stop-load' })).toMatchObject({ ok: true, results: [] });
    } finally {
      await other.close();
    }
  });

  it('ends its load and returns when the lab is gone', async () => {
    await ask({ type: 'keep-credentials', key: 'jwt', credentials: bearerHeaders(1) });
    await ask({ type: 'start-load', targets: [keyed()] });
    await vi.waitFor(() => expect(target.requests()).toBeGreaterThan(10), patience);
    lab.destroy();
    await served;
    // A load that went on would connect anew.
    await vi.waitFor(async () => expect(await target.openConnections()).toBe(0), patience);
  });
});
