/** A contestant as an application's own client meets it: logged in, out of access tokens, refreshed, logged out. */

import { createClient } from '../../src/client/client.ts';
import { cookieFetch } from '../../src/client/cookie-fetch.ts';
import { type Contestant, userName } from './contestant.ts';

const loginRoute = '/auth/login';
const refreshRoute = '/auth/refresh';
/** Requests that meet a refused access token at the same time. */
const parallelRequests = 4;

/**
 * What goes wrong in such a life at the contestant's first node, or null. Where it refreshes, all requests that are
 * refused at the same time must share one refresh and then be answered. Of contestants whose routes are not authlab's
 * nothing is asked. Never throws: whatever the client throws is what went wrong.
 */
export async function clientFault(contestant: Contestant, userIndex: number): Promise<string | null> {
  const [node] = contestant.nodes;
  const { path, body } = contestant.login;
  const { username, password } = body;
  if (node === undefined || username === undefined || password === undefined || !path.endsWith(loginRoute)) return null;
  const wire = new SpoilingFetch(contestant.refreshPath === null ? 0 : parallelRequests);
  const client = createClient({
    baseUrl: node + path.slice(0, -loginRoute.length),
    fetch: wire.fetch,
  });
  try {
    await client.login(username.replaceAll('{user}', userName(userIndex)), password);
    const profiles = await Promise.all(Array.from({ length: parallelRequests }, () => client.profile()));
    if (new Set(profiles.map(({ sub }) => sub)).size !== 1) return 'answers one client as several users';
    if (wire.refreshes !== Math.min(wire.spoilt, 1)) return `let ${wire.refreshes} refreshes come of one refused token`;
    await client.logout();
    return null;
  } catch (error) {
    return `fails the client: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Damages the access tokens of the first requests, as if they had expired on the way, and counts refreshes. */
class SpoilingFetch {
  readonly #fetch = cookieFetch(globalThis.fetch);
  #left: number;
  spoilt = 0;
  refreshes = 0;

  constructor(requests: number) {
    this.#left = requests;
  }

  readonly fetch: typeof globalThis.fetch = (input, init = {}) => {
    const headers = new Headers(init.headers);
    const authorization = headers.get('authorization');
    if (String(input).endsWith(refreshRoute)) this.refreshes += 1;
    else if (authorization !== null && this.#left > 0) {
      this.#left -= 1;
      this.spoilt += 1;
      headers.set('authorization', `${authorization}A`);
    }
    return this.#fetch(input, { ...init, headers });
  };
}
