/** Passwords that users changed here: they count in place of what the list of users says. */

export interface ChangedPasswords {
  /**
   * The hash in PHC form, or null for a user who changed nothing. Asked for names of the right shape only. One round
   * trip. Throws ERR_LOG_UNAVAILABLE: nobody knows then which password counts.
   */
  read(sub: string): Promise<string | null>;
}

/** Where nobody can change anything. */
export const nothingChanged: ChangedPasswords = { read: async () => null };
