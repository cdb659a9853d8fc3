/** The sums that follow from lifetimes. */

import { expect, test } from 'vitest';
import { type LifetimePolicy, renewedExpiry } from './policy.ts';

const policy: LifetimePolicy = {
  accessTokenMillis: 10,
  inactivityMillis: 100,
  absoluteMillis: 1_000,
  leewayMillis: 0,
  skewMillis: 0,
  refreshGraceMillis: 0,
  maximumSessions: 1,
};

test.each([
  ['with more than half of the timeout left', 49, 100, 1_000, null],
  ['from half of the timeout on', 50, 100, 1_000, 150],
  ['at the last moment', 99, 100, 1_000, 199],
  ['up to the absolute end', 930, 970, 1_000, 1_000],
  ['and not beyond it', 990, 1_000, 1_000, null],
])('use moves the end of a session %s', (_, nowMillis, expiresAtMillis, endsAtMillis, expected) => {
  expect(renewedExpiry(policy, nowMillis, expiresAtMillis, endsAtMillis)).toBe(expected);
});
