/** A contestant, as data: all the harness knows of a server that it measures. */

import type { Traits } from '../../src/strategies/strategy.ts';

export interface Contestant {
  readonly name: string;
  /** `http://host:port` of each node, no slash at the end. All of them serve the same users and sessions. */
  readonly nodes: readonly string[];
  readonly login: {
    readonly path: string;
    /** Sent as JSON; `{user}` in a value stands for the user's name. */
    readonly body: Readonly<Record<string, string>>;
  };
  /**
   * Field of the login's JSON answer that is sent as a Bearer token (RFC 6750 2.1); null when there is none. Cookies are
   * kept and sent back whatever this says.
   */
  readonly bearerTokenField: string | null;
  /** The protected resource: `GET`, answered with 200 and the user's `sub`, or refused with 401. */
  readonly protectedPath: string;
  /** `POST`, authenticated by the refresh cookie alone; null where nothing is refreshed. */
  readonly refreshPath: string | null;
  /** Ends the session whose credential it is sent: `POST`, answered with 2xx when acknowledged. */
  readonly revokePath: string;
  /** Ends every session of the user: `POST`; absent where nothing does. */
  readonly revokeAllPath?: string;
  /** Public keys as a JWK Set (RFC 7517 5): `GET`; absent where there are none. */
  readonly keySetPath?: string;
  /** How an administrator changes somebody's roles; absent where nobody can. */
  readonly administration?: {
    /** The name of a user who may, and who logs in like everybody else. */
    readonly administrator: string;
    /** `POST` of `{"roles":[…]}`, all the user has from then on; `{user}` stands for the user's name. */
    readonly rolesPath: string;
    /** `POST` of `{"algorithm","retireOld":"at-activation"}`: another key signs, and the old one is not accepted any more. */
    readonly keyRotationPath?: string;
  };
  readonly traits: Traits;
}

const labPassword = 'lab-password';

/** The built-in contestants: one of our strategies, mounted under its own name on every node, or at its root (`''`). */
export function contestantOf(
  strategyName: string,
  nodes: readonly string[],
  traits: Traits,
  mount = `/${strategyName}`,
): Contestant {
  return {
    name: strategyName,
    nodes,
    login: { path: `${mount}/auth/login`, body: { username: '{user}', password: labPassword } },
    bearerTokenField: traits.transport === 'cookie' ? null : 'access_token',
    protectedPath: `${mount}/profile`,
    refreshPath: traits.refresh ? `${mount}/auth/refresh` : null,
    revokePath: `${mount}/auth/logout`,
    ...(traits.rolesChange === 'never'
      ? {}
      : {
          revokeAllPath: `${mount}/auth/logout-all`,
          administration: {
            administrator: 'admin-000000',
            rolesPath: `${mount}/admin/users/{user}/roles`,
            keyRotationPath: `${mount}/admin/keys/rotate`,
          },
        }),
    keySetPath: '/.well-known/jwks.json',
    traits,
  };
}

/** Lab users are numbered: `user-000042`. */
export function userName(index: number): string {
  return `user-${String(index).padStart(6, '0')}`;
}

/** The bound B in milliseconds after an acknowledged revocation; null where it is the remaining lifetime, or none. */
export function boundMillisOf(traits: Traits, stalenessLimitMillis: number): number | null {
  switch (traits.bound) {
    case 'zero':
      return 0;
    case 'staleness-limit':
      return stalenessLimitMillis;
    case 'remaining-lifetime':
    case 'unbounded':
      return null;
  }
}
