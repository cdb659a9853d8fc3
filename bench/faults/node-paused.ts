/** A node stands still, as a process does in a long collection of garbage, or a machine that is moved while it runs. */

import { beyondStaleness, type Fault } from './fault.ts';

export const nodePaused: Fault = {
  title: 'a node paused',
  deed: 'a node is stopped (SIGSTOP) for longer than the staleness limit, with requests in its sockets, and goes on',
  source: 'row 64; etcd issue 20418, "stale reads caused by process pausing"',
  befalls: 'first-node',
  concession: null,
  topology: 'one',
  wires: 'direct',
  lastsMillis: beyondStaleness,
  inflict: ({ first }) => first.pause(),
};
