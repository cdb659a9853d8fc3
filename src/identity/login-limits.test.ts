/** A node that counts for itself keeps the limits. */

import { describe, expect, test } from 'vitest';
import { describeLoginLimits, failuresPerAddress, failuresPerUserAndAddress } from './login-limits.contract.ts';
import { createLoginLimits, noLoginLimits } from './login-limits.ts';

describe('limits of one node', () => {
  describeLoginLimits(async () => createLoginLimits({ failuresPerUserAndAddress, failuresPerAddress, store: null }));
});

test('where there are no limits, everything goes', async () => {
  for (let guess = 0; guess < 1_000; guess += 1) expect((await noLoginLimits.begin('a', 'b')).ok).toBe(true);
});
