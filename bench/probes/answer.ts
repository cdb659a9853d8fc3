/** The whole answer to one protected request, counted in bytes: the proof that two contestants do the same work. */

import { Agent, get } from 'node:http';
import { AuthlabError } from '../../src/kernel/errors.ts';
import type { Credential } from '../workload/credential.ts';

export interface ProtectedAnswer {
  readonly status: number;
  /**
   * Status line, headers and body as they came over the connection. Two answers differ only where the server made a
   * difference: the `Date` field is as long every time (RFC 9110 5.6.7).
   */
  readonly answerBytes: number;
  readonly body: string;
}

const timeoutMillis = 10_000;

/**
 * Asks one node for a path with a credential, over a connection of its own that is offered as keep-alive, as the load's
 * connections are. Throws ERR_PART_CRASHED when no answer comes.
 */
export async function askForBytes(
  node: string,
  path: string,
  credential: Pick<Credential, 'headersFor'> | null,
  credentialPath = path,
): Promise<ProtectedAnswer> {
  const agent = new Agent({ keepAlive: true });
  const headers = credential?.headersFor(credentialPath) ?? {};
  try {
    return await new Promise<ProtectedAnswer>((resolve, reject) => {
      const request = get(`${node}${path}`, { agent, headers, timeout: timeoutMillis }, (response) => {
        const { socket } = response;
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            answerBytes: socket.bytesRead,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      });
      request.on('timeout', () => request.destroy(new Error('no answer in time')));
      request.on('error', reject);
    });
  } catch (error) {
    throw new AuthlabError('ERR_PART_CRASHED', `${node}${path} did not answer`, { cause: error });
  } finally {
    agent.destroy();
  }
}
