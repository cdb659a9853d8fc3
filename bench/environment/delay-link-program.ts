/** The delay link's process: one for a whole run, so that what it does takes no time from lab, nodes and generator's loops. */

import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { DelayLinkAlarm } from './delay-link-alarm.ts';
import { DelayLine } from './delay-link-line.ts';
import {
  type LinkAnswer,
  type LinkCommand,
  linkSocketVariable,
  linkTargetHostVariable,
  linkTargetPortVariable,
} from './delay-link-protocol.ts';
import { startDelayRelay } from './delay-link-relay.ts';

const target = { host: setting(linkTargetHostVariable), port: Number(setting(linkTargetPortVariable)) };
const alarm = new DelayLinkAlarm(() => line.deliverDue());
const line = new DelayLine({
  nowMillis: () => alarm.nowMillis(),
  wakeAt: (dueMillis) => alarm.setFor(dueMillis),
});

const commands = createServer().listen(setting(linkSocketVariable));
const connected = once(commands, 'connection');
await once(commands, 'listening');
tell({ event: 'listening', port: await startDelayRelay(target, line) });
const [lab] = (await connected) as [Socket];
// One lab is all there will ever be; its connection stays open without its name.
commands.close();
await obey(lab);
// The lab is gone, and with it the reason to be.
process.exit(0);

/** Returns when the connection has closed. */
async function obey(lab: Socket): Promise<void> {
  const closed = new Promise<void>((resolve) => lab.once('close', () => resolve()));
  // The lab's death shows as an error or as an end: both are followed by a close.
  lab.on('error', () => undefined);
  createInterface({ input: lab }).on('line', (text) => {
    const { id, addedMillis } = JSON.parse(text) as LinkCommand;
    void line.setDelay(addedMillis / 2).then(() => tell({ event: 'added', id, addedMillis }));
  });
  await closed;
}

function tell(answer: LinkAnswer): void {
  console.log(JSON.stringify(answer));
}

function setting(name: string): string {
  const value = process.env[name];
  if (value !== undefined) return value;
  throw new AuthlabError('ERR_ENVIRONMENT', `the delay link is started by authlab, which sets ${name}`);
}
