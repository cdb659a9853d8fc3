/** Passes TCP connections on to a target, with everything that happens on either side carried over the delay line. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { DelayLine } from './delay-link-line.ts';

export interface RelayTarget {
  readonly host: string;
  readonly port: number;
}

/**
 * Listens on a free port of 127.0.0.1, which is returned. A connection to it is taken at once, and the target's refusal
 * shows as a reset: what is delayed is what is said on connections, not the making of them.
 */
export async function startDelayRelay(target: RelayTarget, line: DelayLine): Promise<number> {
  // Without noDelay the system holds small packets back for up to 40 ms, which would be measured as round trips.
  const options = { allowHalfOpen: true, noDelay: true };
  const server = createServer(options, (client) => {
    const upstream = connect({ ...target, ...options });
    carry(client, upstream, line);
    carry(upstream, client, line);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/**
 * One direction. A sink that takes no more stops the source from being read; what is on the line by then is kept for it,
 * which is no more than arrives within the delay.
 */
function carry(source: Socket, sink: Socket, line: DelayLine): void {
  source.on('data', (chunk: Buffer) =>
    line.send(() => {
      if (sink.writable && !sink.write(chunk)) source.pause();
    }),
  );
  sink.on('drain', () => source.resume());
  source.on('end', () => line.send(() => sink.end()));
  source.on('error', () => line.send(() => sink.resetAndDestroy()));
}
