/** `none`: the same route and the same bytes, nothing checked. The reference that every ratio refers to. */

import { checksNothing } from './by-design.ts';
import type { PlainFamily } from './family.ts';
import type { Authentication, Traits } from './strategy.ts';

const traits: Traits = {
  family: 'none',
  transport: 'ignored',
  stateLocation: 'nowhere',
  redisCommandsPerCheck: 0,
  revocation: 'none',
  bound: 'unbounded',
  logoutRefuses: 'none',
  rolesChange: 'never',
  refresh: false,
  withoutRedis: 'unaffected',
  failsByDesign: checksNothing,
};

/** As wide as what a lab user gets of any other strategy, so that answers differ in no byte's position. */
function everybody(roles: readonly string[]): Authentication {
  return { ok: true, principal: { sub: 'user-000000', sid: `0.${'0'.repeat(22)}`, roles } };
}

export const none: PlainFamily = {
  signed: false,
  traits,
  create(name, { context, labRoles = ['user'] }) {
    const accepted = everybody(labRoles);
    return {
      name,
      traits,
      /** Whoever asks is let in anyway: no session starts, and the token opens nothing. */
      async login() {
        const expiresInSeconds = Math.floor(context.policy.accessTokenMillis / 1000);
        const accessToken = context.random(32).toString('base64url');
        return { ok: true, grant: { tokenType: 'Bearer', expiresInSeconds, accessToken } };
      },
      authenticate: () => accepted,
      async logout() {},
      forget() {},
    };
  },
};
