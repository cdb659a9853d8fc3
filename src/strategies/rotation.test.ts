/** Rotation on the in-memory twin: a shared key, and a pair whose library answers later. */

import { MemoryEventLog } from '../eventlog/memory-event-log.ts';
import { MemoryServer } from '../eventlog/memory-server.ts';
import { describeRotations } from './rotation.contract.ts';

describeRotations(
  'the in-memory log',
  (clock) => {
    const server = new MemoryServer(clock);
    return { connect: () => new MemoryEventLog({ partitions: 2, clock, server }) };
  },
  ['jwt-hs256', 'hybrid-ed25519'],
);
