/** A process of the lab's that begins and ends sessions by the thousand, by the product's own code and without connections. */

import { request as httpRequest } from 'node:http';
import { AuthlabError } from '../../src/kernel/errors.ts';
import type { NodeRequest, SessionFill, Supervisor } from './environment.ts';
import type { Answer } from './http-get.ts';
import { nodeEnvironment, portIn } from './node.ts';
import { compiledFile } from './programs.ts';

/** It makes the realm's keys first, on a core that may be busy. */
const startDeadlineMillis = 30_000;
/** For one call: of thousands of sessions, each perhaps signed by RSA. */
const callDeadlineMillis = 300_000;

export interface FillPlace {
  readonly supervisor: Pick<Supervisor, 'start'>;
  /** The compiled program; absent: this package's own. */
  readonly fillPath?: string | undefined;
}

/**
 * For the first strategy of the request. Throws ERR_PART_CRASHED when it does not listen in time; the message holds its
 * last output.
 */
export async function startSessionFill(place: FillPlace, request: NodeRequest): Promise<SessionFill> {
  const child = await place.supervisor.start({
    name: 'session-fill',
    command: process.execPath,
    args: [place.fillPath ?? compiledFile('src/lab-fill.js')],
    env: nodeEnvironment(request),
    ...(request.cores && { cores: request.cores }),
  });
  const ask = async (path: string): Promise<unknown> => {
    const answer = await post(port, path).catch(() => null);
    if (answer?.status === 200) return JSON.parse(answer.body);
    const said = answer === null ? await child.lastOutput(20) : answer.body.slice(0, 500);
    throw new AuthlabError('ERR_PART_CRASHED', `${child.name} did not fill the realm with sessions: ${said}`);
  };
  let port: number | null = null;
  try {
    port = portIn(await child.waitForOutput((line) => portIn(line) !== null, startDeadlineMillis));
  } catch (error) {
    await child.stop(0);
    throw error;
  }
  return {
    async begin(first, count, kept) {
      const { answers } = (await ask(`/begin?first=${first}&count=${count}&kept=${kept}`)) as {
        readonly answers: Awaited<ReturnType<SessionFill['begin']>>;
      };
      return answers;
    },
    async end(first, count) {
      await ask(`/end?first=${first}&count=${count}`);
    },
    stop: () => child.stop(),
  };
}

function post(port: number | null, path: string): Promise<Pick<Answer, 'status' | 'body'>> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(callDeadlineMillis);
    const sent = httpRequest({ host: '127.0.0.1', port, path, method: 'POST', agent: false, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    sent.once('error', reject);
    sent.end();
  });
}
