/** All strategies keep their contract on the in-memory twin. */

import { MemoryEventLog } from '../eventlog/memory-event-log.ts';
import { MemoryServer } from '../eventlog/memory-server.ts';
import { describeStrategies } from './strategy.contract.ts';

describeStrategies('the in-memory log', (clock) => {
  const server = new MemoryServer(clock);
  return { connect: () => new MemoryEventLog({ partitions: 3, clock, server }) };
});
