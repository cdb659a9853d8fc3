/** One GET on a connection of its own: no pool whose idle connection the server may close just when it is used again. */

import { get } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Rejects with the socket's error, or when the whole answer is not there after `timeoutMillis`. */
export function httpGet(url: string, timeoutMillis: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, signal: AbortSignal.timeout(timeoutMillis) }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.once('error', reject);
  });
}
