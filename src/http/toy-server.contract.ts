/** A toy strategy behind real sockets, for the tests of the HTTP part. */

import { expect } from 'vitest';
import type { IdentityProvider } from '../identity/identity-provider.ts';
import { type HttpServer, listen } from './http-server.ts';
import { createStrategyApplication, type StrategyApplicationOptions } from './strategy-application.ts';
import { createToy, type Toy, type ToyOptions } from './toy-strategy.contract.ts';

/** The one user there is. */
export const alice = { username: 'alice', password: 'correct horse' };

export const toyIdentity: IdentityProvider = {
  verify: async (username, password) =>
    username === alice.username && password === alice.password ? { sub: 'alice', roles: ['user'] } : null,
};

export interface ToyServer {
  readonly toy: Toy;
  readonly port: number;
  /** What was reported to the operator. */
  readonly reported: readonly unknown[];
}

export interface ToyServerOptions
  extends ToyOptions,
    Partial<Pick<StrategyApplicationOptions, 'allowPlainHttp' | 'trustProxy' | 'identity'>>,
    Pick<StrategyApplicationOptions, 'accounts' | 'administration' | 'limits'> {}

const servers: HttpServer[] = [];

export async function startToyServer(options: ToyServerOptions = {}): Promise<ToyServer> {
  const { allowPlainHttp = true, trustProxy = false, identity = toyIdentity, ...rest } = options;
  const { accounts, administration, limits, ...toyOptions } = rest;
  const toy = createToy(toyOptions);
  const reported: unknown[] = [];
  const application = createStrategyApplication({
    strategy: toy.strategy,
    identity,
    ...(accounts && { accounts }),
    ...(administration && { administration }),
    ...(limits && { limits }),
    allowPlainHttp,
    trustProxy,
    report: (error) => void reported.push(error),
  });
  const server = await listen(application.callback(), '127.0.0.1', 0);
  servers.push(server);
  return { toy, port: server.port, reported };
}

/** To be called after each test. */
export async function stopToyServers(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.stop(0)));
}

/** What a problem document must be; the title is for people and may change. */
export function problem(name: string, status: number, more: object = {}) {
  return { type: `urn:authlab:problem:${name}`, title: expect.any(String), status, ...more };
}
