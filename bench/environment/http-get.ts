/** One GET on a connection of its own: no pool whose idle connection the server may close just when it is used again. */

import { type Agent, get } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The server's clock in milliseconds since the Unix epoch, to the second (RFC 9110 6.6.1); null where it does not tell. */
  readonly dateMillis: number | null;
}

/**
 * Rejects with the socket's error, or when the whole answer is not there after `timeoutMillis`.
 * @param agent keeps the connection for somebody who asks again within milliseconds
 */
export function httpGet(url: string, timeoutMillis: number, agent: Agent | false = false): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, signal: AbortSignal.timeout(timeoutMillis) }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.once('error', reject);
      response.once('end', () => {
        const { date } = response.headers;
        resolve({ status: response.statusCode ?? 0, body, dateMillis: date === undefined ? null : Date.parse(date) });
      });
    });
    request.once('error', reject);
  });
}
