/** The last resort for a Redis: a container, removed with the lab whatever happens to it. */

import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { AuthlabError, isAuthlabError } from '../../src/kernel/errors.ts';
import type { Supervisor } from './environment.ts';
import { freePort, readyLine, redisPolicy } from './private-redis.ts';
import { findProgram } from './programs.ts';

/** The same as in docker-compose.yml. */
export const redisImage = 'redis:7.2-bookworm';

const engineDeadlineMillis = 2_000;
/** The image may have to be fetched first. */
const startDeadlineMillis = 180_000;

export interface RedisContainerOptions {
  readonly supervisor: Supervisor;
  readonly searchPath?: string | undefined;
  readonly onNote: (text: string) => void;
}

/**
 * Starts Redis in a container whose port is published on loopback alone, or says why not.
 * @throws ERR_ENVIRONMENT_REDIS when the engine answers and the container does not come up, with its last output.
 */
export async function startRedisContainer(
  options: RedisContainerOptions,
): Promise<{ url: string } | { reason: string }> {
  const docker = await findProgram('docker', options.searchPath);
  if (docker === null) return { reason: 'no docker on the PATH' };
  if (!(await engineAnswers(docker))) return { reason: 'no docker engine answers' };
  const { supervisor } = options;
  options.onNote(`starting ${redisImage} with docker; the first time its image has to be fetched`);
  const port = await freePort();
  // Unique, as the run's folder is.
  const name = `${basename(supervisor.folder)}-redis`;
  const args = ['run', '--rm', '--name', name, '--publish', `127.0.0.1:${port}:${port}`, redisImage, 'redis-server'];
  // Inside its own network namespace it must listen on every interface to be reachable at all.
  args.push('--port', String(port), '--bind', '0.0.0.0', '--protected-mode', 'no', ...redisPolicy);
  // Killing docker's client leaves the container running.
  const cleanUp = { command: docker, args: ['rm', '--force', '--volumes', name] };
  const client = await supervisor.start({ name: 'docker-redis', command: docker, args, cleanUp });
  try {
    await client.waitForOutput(readyLine, startDeadlineMillis);
    return { url: `redis://127.0.0.1:${port}` };
  } catch (error) {
    await client.stop();
    if (!isAuthlabError(error, 'ERR_PART_CRASHED')) throw error;
    throw new AuthlabError('ERR_ENVIRONMENT_REDIS', `no Redis in a container: ${error.message}`);
  }
}

async function engineAnswers(docker: string): Promise<boolean> {
  try {
    const args = ['version', '--format', '{{.Server.Version}}'];
    await promisify(execFile)(docker, args, { timeout: engineDeadlineMillis, killSignal: 'SIGKILL' });
    return true;
  } catch {
    return false;
  }
}
