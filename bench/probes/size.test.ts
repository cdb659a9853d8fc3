/** Bytes of a known credential, and of a known answer. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoggedIn, logInUser } from '../workload/log-in.ts';
import { startToy, type Toy } from '../workload/toy-contestant.ts';
import { askForBytes } from './answer.ts';
import { measureSize } from './size.ts';

let toy: Toy;
let loggedIn: LoggedIn;

beforeAll(async () => {
  toy = await startToy({ nodes: 1 });
  loggedIn = await logInUser(toy.contestant, 0);
});

afterAll(async () => {
  await toy.close();
});

describe('measureSize', () => {
  const tokenBytes = 'user-000000.0.toy-token'.length;
  const refreshCookie = '__Secure-refresh=r; Path=/auth; HttpOnly; Secure';
  const noteCookie = `note=${'n'.repeat(20)}`;

  it('counts header lines as they are sent, the cookies under their path only', () => {
    const size = measureSize(toy.contestant, loggedIn);
    expect(size.requestHeaderBytes).toBe('authorization: Bearer \r\n'.length + tokenBytes);
    expect(size.authRequestHeaderBytes).toBe(`cookie: __Secure-refresh=r; ${noteCookie}\r\n`.length);
  });

  it('counts what the login set and said', () => {
    const size = measureSize(toy.contestant, loggedIn);
    const lines = `set-cookie: ${refreshCookie}\r\nset-cookie: ${noteCookie}\r\n`;
    const body = JSON.stringify({ token_type: 'Bearer', access_token: 'x'.repeat(tokenBytes) });
    expect(size.loginResponseBytes).toBe(lines.length + body.length);
    expect(size.largestCookieBytes).toBe(24);
  });

  it('counts the logout where nothing is refreshed', () => {
    const size = measureSize({ ...toy.contestant, refreshPath: null }, loggedIn);
    expect(size.authRequestHeaderBytes).toBe(
      size.requestHeaderBytes + `cookie: __Secure-refresh=r; ${noteCookie}\r\n`.length,
    );
  });
});

describe('askForBytes', () => {
  it('counts head and body of the whole answer', async () => {
    const head = 'HTTP/1.1 200 Fine\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n';
    const server = createServer((request, response) => {
      // Written by hand, so that the test knows each byte.
      response.socket?.end(`${head}${request.headers.authorization?.slice(0, 10)}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const node = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = await askForBytes(node, '/profile', loggedIn.credential);
    expect(answer).toEqual({ status: 200, answerBytes: head.length + 10, body: 'Bearer use' });
    await new Promise((resolve) => server.close(resolve));
  });

  it('finds the same bytes for two users of the same kind', async () => {
    const other = await logInUser(toy.contestant, 1);
    const [node = ''] = toy.contestant.nodes;
    const first = await askForBytes(node, '/profile', loggedIn.credential);
    const second = await askForBytes(node, '/profile', other.credential);
    expect(second.answerBytes).toBe(first.answerBytes);
    expect(first.answerBytes).toBeGreaterThan(first.body.length + 50);
  });

  it('fails by name when nobody answers', async () => {
    await expect(askForBytes('http://127.0.0.1:1', '/profile', null)).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: 'http://127.0.0.1:1/profile did not answer',
    });
  });
});
