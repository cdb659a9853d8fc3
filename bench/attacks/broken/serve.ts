/** The program that serves the broken variants: on the loopback alone, and for the lab alone. */

import { systemClock } from '../../../src/kernel/clock.ts';
import { AuthlabError } from '../../../src/kernel/errors.ts';
import { systemRandomBytes } from '../../../src/kernel/random.ts';
import { keysFromText } from './keys.ts';
import { createWorld, serverOfVariants } from './lab-world.ts';
import { inTheLab, keysVariable, labVariable, lifetimeVariable } from './protocol.ts';

if (process.env[labVariable] !== inTheLab) {
  const message = `these servers are broken on purpose, for the lab alone, which starts them with ${labVariable}=${inTheLab}`;
  throw new AuthlabError('ERR_ENVIRONMENT', message);
}
const accessTokenLifetimeSeconds = Number(process.env[lifetimeVariable]);
if (!Number.isInteger(accessTokenLifetimeSeconds) || accessTokenLifetimeSeconds < 1) {
  throw new AuthlabError('ERR_INPUT_INVALID', `${lifetimeVariable} must be a number of whole seconds`);
}
const given = process.env[keysVariable];
const world = await createWorld({
  clock: systemClock,
  random: systemRandomBytes,
  accessTokenLifetimeSeconds,
  ...(given && { keys: keysFromText(given) }),
});
const server = serverOfVariants(world);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  process.stdout.write(`${JSON.stringify({ event: 'listening', port })}\n`);
});
