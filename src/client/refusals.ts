/** What a 401 is about, by its challenge (RFC 9110 11.6.1, RFC 6750 3) and its problem details (RFC 9457). */

import { problemOf } from './client-error.ts';

/**
 * Whether another access token may open what was refused. With a token sent, only if the token itself is what is
 * wrong: a mistyped password is a 401 too. A page of another origin sees the challenge only if the server exposes
 * `WWW-Authenticate`; unseen, a refusal counts as one of the token that was sent.
 */
export function refusesToken(response: Response, sentToken: string | undefined): boolean {
  if (response.status !== 401) return false;
  const challenge = response.headers.get('www-authenticate');
  if (challenge === null) return sentToken !== undefined;
  if (!/(?:^|,)\s*bearer\b/i.test(challenge)) return false;
  return sentToken === undefined || /\berror="?invalid_token\b/i.test(challenge);
}

/** Whether the session that a cookie stands for is over, or has never been. Leaves the answer's body unread. */
export async function refusesCookie(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  if (!/(?:^|,)\s*cookie\b/i.test(response.headers.get('www-authenticate') ?? '')) return false;
  const { type, error } = await problemOf(response.clone());
  return error === 'invalid_token' || type === 'urn:authlab:problem:no-credential';
}
