/** Who may log in. A server has exactly one provider; which one is a matter of configuration. */

/** A user whose password has just been checked. */
export interface VerifiedUser {
  /** Stable name of the user, the `sub` of every credential. */
  readonly sub: string;
  readonly roles: readonly string[];
}

export interface IdentityProvider {
  /**
   * The user, or null when there is no such user or the password is wrong: the two are told apart neither by the answer
   * nor by its cost. Accepts any text; never throws for what a client sends. Throws ERR_LOG_UNAVAILABLE when it cannot
   * be told which password counts.
   */
  verify(username: string, password: string): Promise<VerifiedUser | null>;
}
