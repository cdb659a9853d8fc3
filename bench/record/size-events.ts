/** What the sizing of credentials records beside their bytes. */

/** A user of this claim profile got no credential: what it would have to carry fits nowhere. */
export interface LoginRefused {
  readonly type: 'LoginRefused';
  readonly at: string;
  readonly contestant: string;
  /** As in `SizeMeasured`. */
  readonly claims: string;
  /** HTTP status of the answer. */
  readonly status: number;
}
