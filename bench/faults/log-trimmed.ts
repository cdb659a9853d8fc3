/** The log loses what a node has yet to read: somebody has cut the stream while the node stood still. */

import { beyondStaleness, type Fault } from './fault.ts';
import { streamsOf, tell } from './redis-commands.ts';

export const logTrimmed: Fault = {
  title: 'the log trimmed past a paused node',
  deed: 'a node is stopped (SIGSTOP), others log people out, every stream is trimmed to nothing, and the node goes on',
  source: 'row 65 (ASVS 16.5.2, 16.5.3); Redis documentation, "Streams", on capped streams',
  befalls: 'first-node',
  concession: null,
  topology: 'one',
  wires: 'direct',
  lastsMillis: beyondStaleness,
  async inflict({ first, redis, realm }) {
    const goOn = await first.pause();
    return async () => {
      for (const stream of await streamsOf(redis, realm)) await tell(redis, 'XTRIM', stream, 'MAXLEN', '0');
      await goOn();
    };
  },
};
