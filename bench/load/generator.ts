/** The load generator: a process of its own, alive for a whole run, so that its code stays compiled between windows. */

import { connect } from 'node:net';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { serveGenerator } from './generator-service.ts';
import { generatorSocketVariable } from './protocol.ts';

const socketPath = process.env[generatorSocketVariable];
if (socketPath === undefined) {
  throw new AuthlabError(
    'ERR_ENVIRONMENT',
    `the load generator is started by authlab, which sets ${generatorSocketVariable}`,
  );
}
await serveGenerator(connect(socketPath));
// The lab is gone, and with it the reason to be: nothing that still lingers may keep this process alive.
process.exit(0);
