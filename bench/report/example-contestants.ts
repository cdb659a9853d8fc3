/** The contestants of the invented runs: one of every kind, with plausible costs. */

import type { ContestantDescribed } from '../record/run-events.ts';

export interface ExampleContestant {
  readonly description: Omit<ContestantDescribed, 'type' | 'at' | 'contestant'>;
  readonly checkMicros: number;
  readonly redisCommands: number;
  readonly headerBytes: {
    readonly request: number;
    readonly auth: number;
    readonly login: number;
    /** Whether more roles make it longer. */
    readonly growing: boolean;
  };
  readonly largestCookieBytes: number;
}

const jsonwebtoken = { library: 'jsonwebtoken', libraryVersion: '9.0.3' };
const hs256 = { algorithm: 'HS256', keyBits: 256, ...jsonwebtoken };
const tokenBytes = { request: 520, auth: 160, login: 780, growing: true };

export const exampleContestants: Readonly<Record<string, ExampleContestant>> = {
  none: {
    description: {
      family: 'none',
      transport: 'ignored',
      stateLocation: 'nowhere',
      revocation: 'none',
      bound: 'unbounded',
      redisCommandsPerCheck: 0,
      signature: null,
    },
    checkMicros: 0,
    redisCommands: 0,
    headerBytes: { request: 70, auth: 70, login: 120, growing: false },
    largestCookieBytes: 0,
  },
  session: {
    description: {
      family: 'session',
      transport: 'cookie',
      stateLocation: 'redis',
      revocation: 'record',
      bound: 'zero',
      redisCommandsPerCheck: 1,
      signature: { algorithm: 'sha256', keyBits: 256, library: 'keygrip', libraryVersion: '1.1.0' },
    },
    checkMicros: 62,
    redisCommands: 1,
    headerBytes: { request: 190, auth: 190, login: 320, growing: false },
    largestCookieBytes: 110,
  },
  'cookie-session': {
    description: {
      family: 'cookie-session',
      transport: 'cookie',
      stateLocation: 'cookie',
      revocation: 'none',
      bound: 'remaining-lifetime',
      redisCommandsPerCheck: 0,
      signature: { algorithm: 'sha256', keyBits: 256, library: 'keygrip', libraryVersion: '1.1.0' },
    },
    checkMicros: 24,
    redisCommands: 0,
    headerBytes: { request: 330, auth: 330, login: 420, growing: true },
    largestCookieBytes: 260,
  },
  'jwt-hs256': {
    description: {
      family: 'jwt',
      transport: 'bearer',
      stateLocation: 'token',
      revocation: 'none',
      bound: 'remaining-lifetime',
      redisCommandsPerCheck: 0,
      signature: hs256,
    },
    checkMicros: 20,
    redisCommands: 0,
    headerBytes: tokenBytes,
    largestCookieBytes: 130,
  },
  'denylist-hs256': {
    description: {
      family: 'denylist',
      transport: 'bearer',
      stateLocation: 'token and redis',
      revocation: 'denylist',
      bound: 'zero',
      redisCommandsPerCheck: 1,
      signature: hs256,
    },
    checkMicros: 58,
    redisCommands: 1,
    headerBytes: tokenBytes,
    largestCookieBytes: 130,
  },
  'hybrid-hs256': {
    description: {
      family: 'hybrid',
      transport: 'bearer',
      stateLocation: 'token and node memory',
      revocation: 'followed',
      bound: 'staleness-limit',
      redisCommandsPerCheck: 0,
      signature: hs256,
    },
    checkMicros: 21,
    redisCommands: 0,
    headerBytes: tokenBytes,
    largestCookieBytes: 130,
  },
};
