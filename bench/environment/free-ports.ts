/** Ports for servers that go away for a moment and come back to the same one. */

import { createServer, type Server } from 'node:net';

/**
 * Below the range that systems take for the near end of connections: a server that is away for a moment must not find
 * that its port has become one of those, nor a client that knocks in the meantime find itself.
 */
const lowestPort = 10_000;
const highestPort = 32_000;

/** Different ports of the loopback interface that are free now. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const probes = new Map<number, Server>();
  while (probes.size < count) {
    const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort));
    const probe = probes.has(port) ? null : await listenOn(port);
    if (probe !== null) probes.set(port, probe);
  }
  await Promise.all([...probes.values()].map((probe) => new Promise((resolve) => probe.close(resolve))));
  return [...probes.keys()];
}

function listenOn(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(port, '127.0.0.1', () => resolve(probe));
  });
}
