/** The slots of a Cluster: who owns them, and how one of them is moved with all that is in it. */

import { ask, type DataServer } from './redis-group.ts';

export const slotCount = 16_384;

interface SlotRange {
  readonly first: number;
  readonly last: number;
  /** The master's, then its replicas'. */
  readonly ports: readonly number[];
}

export async function slotRanges(server: DataServer): Promise<SlotRange[]> {
  const reply = (await ask(server, 'CLUSTER', 'SLOTS')) as [number, number, ...[string, number][]][];
  return reply.map(([first, last, ...nodes]) => ({ first, last, ports: nodes.map(([, port]) => port) }));
}

export function covers({ first, last }: SlotRange, slot: number): boolean {
  return first <= slot && slot <= last;
}

interface SlotMove {
  readonly from: DataServer;
  readonly to: DataServer;
  readonly all: readonly DataServer[];
  readonly whileMoving: () => Promise<void>;
}

/** As the Cluster specification tells operators to do it: nobody is told before the last key has gone. */
export async function moveSlot(slot: number, { from, to, all, whileMoving }: SlotMove): Promise<void> {
  const [fromId, toId] = [String(await ask(from, 'CLUSTER', 'MYID')), String(await ask(to, 'CLUSTER', 'MYID'))];
  await ask(to, 'CLUSTER', 'SETSLOT', `${slot}`, 'IMPORTING', fromId);
  await ask(from, 'CLUSTER', 'SETSLOT', `${slot}`, 'MIGRATING', toId);
  const count = Number(await ask(from, 'CLUSTER', 'COUNTKEYSINSLOT', `${slot}`));
  await migrate(slot, from, to, Math.ceil(count / 2));
  await whileMoving();
  while ((await migrate(slot, from, to, 100)) > 0) {
    // The next hundred.
  }
  for (const server of [to, from, ...all.filter((other) => other !== to && other !== from)]) {
    await ask(server, 'CLUSTER', 'SETSLOT', `${slot}`, 'NODE', toId);
  }
}

/** How many keys it moved; some may have been gone already. */
async function migrate(slot: number, from: DataServer, to: DataServer, count: number): Promise<number> {
  const keys = (await ask(from, 'CLUSTER', 'GETKEYSINSLOT', `${slot}`, `${count}`)) as string[];
  if (keys.length > 0) await ask(from, 'MIGRATE', '127.0.0.1', `${to.port}`, '', '0', '5000', 'KEYS', ...keys);
  return keys.length;
}
