/** What the lab tells the program of the broken variants, and what that says back. */

/** Set to `inTheLab` by the lab and by nobody else; without it the program refuses to start. */
export const labVariable = 'AUTHLAB_BROKEN_ON_PURPOSE';
export const inTheLab = 'in-the-lab';

/** Lifetime of an access token in whole seconds. */
export const lifetimeVariable = 'AUTHLAB_ACCESS_TOKEN_LIFETIME_SECONDS';

/** Their keys, as `keysAsText` writes them; absent, they make their own. */
export const keysVariable = 'AUTHLAB_BROKEN_KEYS';

/** The port in the line by which the program says that it listens; null for every other line. */
export function portIn(line: string): number | null {
  const [, port] = /^\{"event":"listening","port":(\d{1,5})\}$/.exec(line) ?? [];
  return port === undefined ? null : Number(port);
}
