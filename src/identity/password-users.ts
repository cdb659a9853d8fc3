/** Users with argon2id password hashes (RFC 9106), at the cost OWASP's password storage cheat sheet asks for. */

import { hash, parseOptions, verify } from '@node-rs/argon2';
import { sha256 } from '../kernel/digest.ts';
import { type ChangedPasswords, nothingChanged } from './changed-passwords.ts';
import type { IdentityProvider, VerifiedUser } from './identity-provider.ts';

export interface PasswordUser {
  /** 1 to 128 printable ASCII characters without blanks; compared exactly, letter case included. */
  readonly username: string;
  /** In PHC form: `$argon2id$v=19$m=19456,t=2,p=1$…`. */
  readonly passwordHash: string;
  readonly roles: readonly string[];
}

/** In bytes of UTF-8. Nothing is cut off: what does not fit is refused. */
export const passwordBytes = { minimum: 8, maximum: 1024 } as const;

/** Of a new password, which is the only factor here (NIST SP 800-63B-4 3.1.1.2). Unicode code points, as that counts. */
export const newPasswordCharacters = 15;

/** OWASP's second choice: 19 MiB and two passes; the one it recommends where logins share a machine with the service. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** KiB times passes of the weakest set of parameters on OWASP's list (7168 KiB, 5 passes). */
const minimumWork = 35_840;
const minimumMemoryKib = 7_168;
/** A hash above this would let a few logins exhaust the server's memory. */
const maximumMemoryKib = 1_048_576;
const maximumPasses = 64;

const usernameShape = /^[\x21-\x7e]{1,128}$/;

/** Hashes a new password. Takes tens of milliseconds on a thread of its own, not on the event loop. */
export async function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

export function isPasswordLength(password: string): boolean {
  const bytes = Buffer.byteLength(password);
  return bytes >= passwordBytes.minimum && bytes <= passwordBytes.maximum;
}

/** Whether a password may become one. Which characters it is made of is its owner's business. */
export function isNewPassword(password: string): boolean {
  return isPasswordLength(password) && [...password].length >= newPasswordCharacters;
}

/** Takes as long as `hashPassword`, on a thread of its own. Throws for a hash that is not in PHC form. */
export function isRightPassword(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, password);
}

export function isUsername(text: string): boolean {
  return usernameShape.test(text);
}

/** What is wrong with a password hash, or null. The hash is not repeated. */
export function passwordHashFault(passwordHash: string): string | null {
  if (!passwordHash.startsWith('$argon2id$v=19$')) return 'must be an argon2id hash in PHC form ($argon2id$v=19$…)';
  try {
    const { memoryCost, timeCost, outputLen } = parseOptions(passwordHash);
    if (memoryCost < minimumMemoryKib || memoryCost * timeCost < minimumWork) {
      return `is too weak: it needs at least m=${cost.memoryCost},t=${cost.timeCost} or as much work`;
    }
    if (memoryCost > maximumMemoryKib || timeCost > maximumPasses) {
      return `is too costly: at most m=${maximumMemoryKib},t=${maximumPasses}`;
    }
    return outputLen < 16 ? 'is too short: at least 16 bytes' : null;
  } catch {
    return 'is not a well-formed argon2id hash';
  }
}

/**
 * A provider for a fixed list of users (at least one; names and hashes already checked). An unknown name is answered
 * after checking the password against the hash of some user, always the same for that name, so that it costs as much as
 * a wrong password whatever parameters the hashes have, and whoever has changed theirs.
 */
export function createPasswordUsers(
  users: readonly PasswordUser[],
  changed: ChangedPasswords = nothingChanged,
): IdentityProvider {
  const byName = new Map(users.map((user) => [user.username, user]));
  return {
    async verify(username: string, password: string): Promise<VerifiedUser | null> {
      // Said of what the client knows, the password and the shape of the name: answering early gives no user away.
      if (!isPasswordLength(password) || !isUsername(username)) return null;
      const known = byName.get(username);
      const judged = known ?? standIn(users, username);
      if (judged === undefined) return null;
      const passwordHash = (await changed.read(judged.username)) ?? judged.passwordHash;
      const matches = await isRightPassword(passwordHash, password);
      return matches && known !== undefined ? { sub: known.username, roles: known.roles } : null;
    },
  };
}

function standIn(users: readonly PasswordUser[], username: string): PasswordUser | undefined {
  const digest = Buffer.from(sha256(username), 'base64url').readUInt32BE(0);
  return users[digest % users.length];
}
