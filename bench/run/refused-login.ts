/** A login that is refused because of what the user has: a finding, where users have much, and else a fault. */

import { AuthlabError } from '../../src/kernel/errors.ts';
import type { Lab } from './lab.ts';

/** No place, or nobody knew a better word for it; all others have other reasons than what the credential is to carry. */
const refusingStatuses: readonly number[] = [400, 413, 422, 431, 500];

/** @param claims in words. Throws ERR_PART_CRASHED when the login was refused for what cannot have to do with its size. */
export function recordRefusal(lab: Pick<Lab, 'record'>, name: string, claims: string, status: number): void {
  if (!refusingStatuses.includes(status)) {
    throw new AuthlabError('ERR_PART_CRASHED', `${name} answered a login with ${status}`);
  }
  lab.record({ type: 'LoginRefused', contestant: name, claims, status });
}
