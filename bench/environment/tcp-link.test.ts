/** The link, between a client and a server that echoes. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { freePorts } from './free-ports.ts';
import { type CutWay, startTcpLink, type TcpLink } from './tcp-link.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server that answers with what it heard, and remembers it. */
async function open(): Promise<{ readonly link: TcpLink; readonly port: number; readonly heard: () => string }> {
  let heard = '';
  const server = createServer((socket) => {
    closing.push(() => socket.destroy());
    socket
      .on('error', () => undefined)
      .on('data', (chunk) => {
        heard += chunk;
        socket.write(chunk);
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const [port = 0] = await freePorts(1);
  const link = await startTcpLink(port, (server.address() as AddressInfo).port);
  closing.push(() => link.close());
  return { link, port, heard: () => heard };
}

class Client {
  readonly socket: Socket;
  heard = '';

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket
      .on('error', () => undefined)
      .on('data', (chunk) => {
        this.heard += chunk;
      });
    closing.push(() => this.socket.destroy());
  }

  async hears(text: string): Promise<void> {
    await vi.waitFor(() => expect(this.heard).toBe(text), { interval: 1 });
  }
}

describe('a cut', () => {
  test.each<[CutWay, string]>([
    ['replies', 'one two three '],
    ['both', 'one '],
  ])(
    'of %s holds back what goes that way on old and new connections, and lets it go in order',
    async (way, arrived) => {
      const { link, port, heard } = await open();
      const [client, witness] = [new Client(port), await open()];
      client.socket.write('one ');
      await client.hears('one ');
      const mend = link.cut(way);
      client.socket.write('two ');
      const late = new Client(port);
      late.socket.write('three ');
      // What takes its way around is there by now, however busy the machine.
      const beside = new Client(witness.port);
      for (const text of ['a', 'aa', 'aaa']) {
        beside.socket.write('a');
        await beside.hears(text);
      }
      await vi.waitFor(() => expect([...heard()].sort()).toEqual([...arrived].sort()), { interval: 1 });
      expect([client.heard, late.heard]).toEqual(['one ', '']);
      mend();
      await client.hears('one two ');
      await late.hears('three ');
      client.socket.write('four');
      await client.hears('one two four');
    },
  );
});

describe('a stall', () => {
  test('holds back what one kind of client is told, and nobody else', async () => {
    const { link, port } = await open();
    const [tail, other] = [new Client(port), new Client(port)];
    const goOn = link.stall('tails');
    tail.socket.write('XREAD ');
    other.socket.write('GET ');
    await other.hears('GET ');
    expect(tail.heard).toBe('');
    goOn();
    await tail.hears('XREAD ');
  });
});
