/** What clients ask of a node, and what it answers: as much of HTTP as matters to a randomized run. */

export interface Request {
  readonly kind: 'login' | 'use' | 'refresh' | 'logout' | 'logout-all' | 'change-password' | 'rotate-keys';
  readonly strategy: string;
  readonly user?: string;
  readonly accessToken?: string;
  readonly refreshToken?: string;
  /** Of a rotation of keys: whether the old one is to be refused as soon as the new one signs. */
  readonly isEmergency?: boolean;
}

/** As much of a response as matters. */
export interface Answer {
  readonly status: 200 | 401 | 503;
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly sub?: string;
  /** Something that no code path plans for. */
  readonly unexpected?: unknown;
}
