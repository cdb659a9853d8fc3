/** Thousands of small requests to one server, several at a time on connections that stay: tests of tables of tokens. */

import type { IncomingHttpHeaders } from 'node:http';
import { Pool } from 'undici';

export interface PooledAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly setCookies: readonly string[];
  /** Of JSON; empty otherwise. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export class RequestPool {
  readonly #pool: Pool;

  constructor(port: number) {
    this.#pool = new Pool(`http://127.0.0.1:${port}`, { connections: 8 });
  }

  async send(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: object,
  ): Promise<PooledAnswer> {
    const posted = method === 'GET' ? {} : { 'content-type': 'application/json' };
    const answer = await this.#pool.request({
      method,
      path,
      headers: { ...posted, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    const cookies = answer.headers['set-cookie'] ?? [];
    const isJson = String(answer.headers['content-type'] ?? '').includes('json');
    return {
      status: answer.statusCode,
      headers: answer.headers as IncomingHttpHeaders,
      setCookies: typeof cookies === 'string' ? [cookies] : cookies,
      body: isJson && text !== '' ? JSON.parse(text) : {},
      text,
    };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
