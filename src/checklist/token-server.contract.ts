/** A server with every strategy that signs tokens, by every library; its keys are known to the test, as to no attacker. */

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { connectRedisEventLog } from '../eventlog/redis-event-log.ts';
import { labPassword } from '../identity/lab-users.ts';
import { algorithmNames, algorithms } from '../keys/algorithms.ts';
import { KeyRing, type SignatureKey } from '../keys/key-ring.ts';
import { sealingPurpose, unsealKey } from '../keys/sealed-key.ts';
import { readSigningKeys, sharedSigningKeys } from '../projections/inline/signing-keys-state.ts';
import { strategyNames, traitsOf, variantNames } from '../strategies/registry.ts';
import {
  compactJws,
  decode,
  type Forgery,
  genuineSigner,
  type Members,
  type Signer,
} from '../tokens/forged-signatures.contract.ts';
import { ChecklistServers, randomUser } from './checklist-server.contract.ts';
import { RequestPool } from './request-pool.contract.ts';

/** Every strategy with a signed token, with its default library and with each of the others. */
export const signedNames: readonly string[] = [...strategyNames(), ...variantNames()].filter(
  (name) => traitsOf(name).signature !== undefined && traitsOf(name).transport === 'bearer',
);

/** Where the signature decides and nothing after it is reached: every algorithm and library once. */
export const signedByJwt: readonly string[] = signedNames.filter((name) => traitsOf(name).family === 'jwt');

/** These, and every other family by every algorithm, with the library that this has by default. */
export const signedInEachWay: readonly string[] = signedNames.filter(
  (name) => signedByJwt.includes(name) || strategyNames().includes(name),
);

const otherFamilies = [...new Set(signedNames.map((name) => traitsOf(name).family))].filter((name) => name !== 'jwt');

/** `jwt` by every algorithm and library, and each other family by one algorithm of its own: where claims decide. */
export const signedVariously: readonly string[] = [
  ...signedByJwt,
  ...otherFamilies.map((family, index) => `${family}-${algorithmNames[index % algorithmNames.length]}`),
];

/** A token that the server has issued, in its parts, and the key under which others can be made. */
export interface Genuine {
  readonly name: string;
  readonly sub: string;
  readonly token: string;
  readonly header: Members;
  readonly payload: Members;
  readonly key: SignatureKey;
  readonly sign: Signer;
  readonly refreshToken: string;
}

/** What a strategy said to one token. */
export interface Verdict {
  readonly status: number;
  readonly challenge: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export class TokenServer {
  readonly names: readonly string[];
  readonly servers: ChecklistServers;
  readonly secret = randomBytes(32).toString('base64url');
  readonly #genuine = new Map<string, Genuine>();
  #keys: readonly SignatureKey[] = [];
  #pool: RequestPool | undefined;

  constructor(names: readonly string[] = signedVariously, settings: Readonly<Record<string, string>> = {}) {
    this.names = names;
    this.servers = new ChecklistServers({
      settings: {
        STRATEGIES: names.join(','),
        SECRET: this.secret,
        // Smaller keys, which are made in less time, and a busy test is no staleness.
        RSA_KEY_BITS: '2048',
        STALENESS_LIMIT_MILLIS: '30000',
        ...settings,
      },
    });
  }

  async start(): Promise<void> {
    await this.servers.start();
    this.#pool = new RequestPool(this.servers.port());
    this.#keys = await readKeys(this.servers.realm, this.secret);
    for (const name of this.names) this.#genuine.set(name, await this.logIn(name));
  }

  async stop(): Promise<void> {
    await this.#pool?.close();
    await this.servers.stop();
    expect(this.servers.faults).toEqual([]);
  }

  get pool(): RequestPool {
    if (this.#pool === undefined) throw new Error('the server has not been started');
    return this.#pool;
  }

  /** Every key of the server, by the name of its algorithm. */
  get keys(): readonly SignatureKey[] {
    return this.#keys;
  }

  keyOf(name: string): SignatureKey {
    const jws = traitsOf(name).signature?.algorithm;
    const key = this.#keys.find(({ algorithm }) => algorithm.jws === jws);
    if (key === undefined) throw new Error(`no key signs for ${name}`);
    return key;
  }

  /** The same at every call: what somebody was given who logged in there at the start. */
  genuine(name: string): Genuine {
    const found = this.#genuine.get(name);
    if (found === undefined) throw new Error(`${name} is not mounted`);
    return found;
  }

  /** Another user's. */
  async logIn(name: string, sub = randomUser()): Promise<Genuine> {
    const answer = await this.pool.send('POST', `/${name}/auth/login`, {}, { username: sub, password: labPassword });
    expect([name, answer.status]).toEqual([name, 200]);
    const token = String(answer.body.access_token);
    const [header, payload] = token.split('.', 2).map(decode) as [Members, Members];
    const key = this.keyOf(name);
    const refreshToken = /^[^=]+=([^;]*)/.exec(answer.setCookies[0] ?? '')?.[1] ?? '';
    return { name, sub, token, header, payload, key, sign: genuineSigner(key), refreshToken };
  }

  async judge(name: string, token: string): Promise<Verdict> {
    const { status, headers, body } = await this.pool.send('GET', `/${name}/profile`, {
      authorization: `Bearer ${token}`,
    });
    return { status, challenge: String(headers['www-authenticate'] ?? ''), body };
  }

  /**
   * Every one of these strategies refuses every one of these tokens as RFC 6750 says, and goes on accepting the genuine
   * one; also another that the test has signed, so that what is refused is refused for what is wrong with it. Of a long
   * list the families that ask more than `jwt` see a share each, a different one, and all of it together.
   */
  async expectAllRefused(
    forgeriesOf: (genuine: Genuine) => readonly Forgery[],
    names: readonly string[] = this.names,
  ): Promise<void> {
    const accepted: string[] = [];
    for (const [turn, name] of names.entries()) {
      const genuine = this.genuine(name);
      const { header, payload, sign, token, sub } = genuine;
      const sendable = forgeriesOf(genuine).filter((forgery) => isSendable(forgery.token, token));
      const forgeries = traitsOf(name).family === 'jwt' ? sendable : shareOf(sendable, turn);
      expect(forgeries.length).toBeGreaterThan(0);
      const signedHere = compactJws(header, payload, sign);
      for (const good of [signedHere, token]) {
        expect([name, await this.judge(name, good)]).toMatchObject([name, { status: 200, body: { sub } }]);
      }
      const verdicts = await Promise.all(forgeries.map((forgery) => this.judge(name, forgery.token)));
      verdicts.forEach(({ status, challenge }, index) => {
        const isRefused = status === 401 && challenge === `Bearer realm="${name}", error="invalid_token"`;
        if (!isRefused && status !== 431) accepted.push(`${name}: ${forgeries[index]?.name}: ${status} ${challenge}`);
      });
      expect([name, (await this.judge(name, token)).status]).toEqual([name, 200]);
    }
    expect(accepted).toEqual([]);
  }
}

/** Blanks around a field's value are no part of it (RFC 9110 5.5), and control characters never get through. */
function isSendable(token: string, genuine: string): boolean {
  return /^[\x20-\x7e]*$/.test(token) && token.trim() !== genuine;
}

const longList = 20;
const shares = 7;

function shareOf(forgeries: readonly Forgery[], turn: number): readonly Forgery[] {
  if (forgeries.length <= longList) return forgeries;
  return forgeries.filter((_, index) => index % shares === turn % shares);
}

/** Every key that the log holds, opened with the secret that sealed it. */
export async function readKeys(realm: string, secret: string): Promise<readonly SignatureKey[]> {
  const sealingKey = new KeyRing({ secret: Buffer.from(secret, 'base64url') }).secretFor(sealingPurpose);
  const log = connectRedisEventLog({ url: inject('redisUrl'), realm, partitions: 1, commandTimeoutMillis: 5_000 });
  try {
    const { state } = await readSigningKeys(log, sharedSigningKeys);
    return state.keys.flatMap(({ kid, algorithm, sealedKey }) => {
      const name = algorithmNames.find((known) => known === algorithm);
      const key = name === undefined ? null : unsealKey(sealingKey, algorithms[name], kid, sealedKey);
      return key === null ? [] : [key];
    });
  } finally {
    await log.close();
  }
}

/** For all tests of a file. */
export function useTokenServer(names?: readonly string[], settings?: Readonly<Record<string, string>>): TokenServer {
  const server = new TokenServer(names, settings);
  beforeAll(() => server.start(), 60_000);
  afterAll(() => server.stop());
  return server;
}

/** A whole token, wrong in its header alone: its signature is the server's own. */
export function withHeader({ payload, sign }: Genuine, name: string, header: unknown): Forgery {
  return { name, token: compactJws(header, payload, sign) };
}

/** A whole token, wrong in what it claims alone: its signature is the server's own. */
export function withClaims({ header, sign }: Genuine, name: string, payload: unknown): Forgery {
  return { name, token: compactJws(header, payload, sign) };
}
