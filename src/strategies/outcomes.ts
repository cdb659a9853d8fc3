/** The refusals of a verification, made once: refusing costs no more than accepting. */

import type { Authentication } from './strategy.ts';

export const noCredential: Authentication = { ok: false, refusal: 'no_credential' };
export const invalidToken: Authentication = { ok: false, refusal: 'invalid_token' };
export const unknown: Authentication = { ok: false, refusal: 'unknown' };
