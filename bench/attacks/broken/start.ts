/** Starts the broken variants in a process of their own, which ends with the lab. */

import type { ChildHandle, Supervisor } from '../../environment/environment.ts';
import { compiledFile } from '../../environment/programs.ts';
import type { WorldKeys } from './claims.ts';
import { keysAsText } from './keys.ts';
import { inTheLab, keysVariable, labVariable, lifetimeVariable, portIn } from './protocol.ts';

export interface BrokenVariants {
  /** `http://127.0.0.1:port`, no slash at the end. */
  readonly baseUrl: string;
  readonly child: ChildHandle;
}

/** It makes an RSA key first, on a core that may be busy. */
const startDeadlineMillis = 30_000;

/** Throws ERR_PART_CRASHED when it does not listen in time; the message holds its last output. */
export async function startBrokenVariants(
  supervisor: Pick<Supervisor, 'start'>,
  accessTokenLifetimeSeconds: number,
  keys?: WorldKeys,
): Promise<BrokenVariants> {
  const child = await supervisor.start({
    name: 'broken-variants',
    command: process.execPath,
    args: [compiledFile('bench/attacks/broken/serve.js')],
    env: {
      [labVariable]: inTheLab,
      [lifetimeVariable]: `${accessTokenLifetimeSeconds}`,
      ...(keys && { [keysVariable]: keysAsText(keys) }),
    },
  });
  const line = await child.waitForOutput((text) => portIn(text) !== null, startDeadlineMillis);
  return { baseUrl: `http://127.0.0.1:${portIn(line)}`, child };
}
