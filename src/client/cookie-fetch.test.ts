/** `fetch` with a jar: what goes out with a request, and what of the answers is kept. */

import { describe, expect, test } from 'vitest';
import { cookieFetch } from './cookie-fetch.ts';

interface Sent {
  readonly url: string;
  readonly cookie: string | null;
  readonly mark: string | null;
}

/** Answers every request with the cookies of a list, one after the other. */
function recorded(answers: readonly (readonly string[])[] = [], now?: () => number, finalUrl?: string) {
  const sent: Sent[] = [];
  const rest = [...answers];
  const platformFetch: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    const url = input instanceof Request ? input.url : String(input);
    sent.push({ url, cookie: headers.get('cookie'), mark: headers.get('x-mark') });
    const response = new Response(null);
    for (const line of rest.shift() ?? []) response.headers.append('set-cookie', line);
    if (finalUrl !== undefined) Object.defineProperty(response, 'url', { value: finalUrl });
    return response;
  };
  return { sent, fetch: cookieFetch(platformFetch, now === undefined ? {} : { now }) };
}

const cookies = (sent: readonly Sent[]) => sent.map(({ cookie }) => cookie);

describe('cookieFetch', () => {
  test('sends what it was given, and keeps the headers of the request', async () => {
    const { sent, fetch } = recorded([['a=1; path=/', 'b=2; path=/x']]);
    await fetch('https://api.test/login', { headers: { 'x-mark': 'one' } });
    await fetch(new URL('https://api.test/x'), { headers: { 'x-mark': 'two' } });
    await fetch(new Request('https://api.test/', { headers: { 'x-mark': 'three' } }));
    expect(cookies(sent)).toEqual([null, 'b=2; a=1', 'a=1']);
    expect(sent.map(({ mark }) => mark)).toEqual(['one', 'two', 'three']);
  });

  test('keeps origins apart, ports and schemes included', async () => {
    const { sent, fetch } = recorded([['a=1; path=/']]);
    for (const url of [
      'https://api.test/',
      'https://api.test:444/',
      'http://api.test/',
      'https://sub.api.test/',
      'https://api.test/',
    ]) {
      await fetch(url);
    }
    expect(cookies(sent)).toEqual([null, null, null, null, 'a=1']);
  });

  test('after a redirect, cookies belong to who set them', async () => {
    const { sent, fetch } = recorded([['a=1; path=/']], undefined, 'https://other.test/');
    for (const url of ['https://api.test/', 'https://api.test/', 'https://other.test/']) await fetch(url);
    expect(cookies(sent)).toEqual([null, null, 'a=1']);
  });

  test("stays shut when cookies are unwanted, and gives way to a header of the caller's own", async () => {
    const { sent, fetch } = recorded([['a=1; path=/'], ['a=2; path=/']]);
    await fetch('https://api.test/');
    await fetch('https://api.test/', { credentials: 'omit' });
    await fetch(new Request('https://api.test/', { credentials: 'omit' }));
    await fetch('https://api.test/', { headers: { cookie: 'own=1' } });
    await fetch('https://api.test/');
    expect(cookies(sent)).toEqual([null, null, null, 'own=1', 'a=1']);
  });

  test('forgets by the clock it was given', async () => {
    let nowMillis = 1_000;
    const { sent, fetch } = recorded([['a=1; path=/; max-age=10']], () => nowMillis);
    await fetch('https://api.test/');
    nowMillis += 9_999;
    await fetch('https://api.test/');
    nowMillis += 1;
    await fetch('https://api.test/');
    expect(cookies(sent)).toEqual([null, 'a=1', null]);
  });
});
