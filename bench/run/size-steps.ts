/** The step that sizes a credential: one login of a user of the claim profile, or the answer that refuses it. */

import { AuthlabError } from '../../src/kernel/errors.ts';
import { measureSize } from '../probes/size.ts';
import { claimsText } from '../scenario/token-size-schema.ts';
import { attemptLogIn } from '../workload/log-in.ts';
import type { Lab } from './lab.ts';
import type { Stage } from './stage.ts';

/** None that a window or a trial uses. */
const sizedUser = 900_000;
/** No place, or nobody knew a better word for it; all others have other reasons than what the credential is to carry. */
const refusingStatuses: readonly number[] = [400, 413, 422, 431, 500];

/** Throws ERR_PART_CRASHED when the login was refused for what cannot have to do with its size. */
export async function measureCredentialSize(
  lab: Pick<Lab, 'record' | 'signal'>,
  stage: Pick<Stage, 'withClaims'>,
  name: string,
  profile: string,
): Promise<void> {
  const contestant = await stage.withClaims(name, profile);
  const claims = claimsText(profile);
  const attempt = await attemptLogIn(contestant, sizedUser, { signal: lab.signal });
  if (attempt.ok) {
    lab.record({ type: 'SizeMeasured', contestant: name, claims, ...measureSize(contestant, attempt.value) });
  } else if (refusingStatuses.includes(attempt.status)) {
    lab.record({ type: 'LoginRefused', contestant: name, claims, status: attempt.status });
  } else {
    throw new AuthlabError('ERR_PART_CRASHED', `${name} answered a login with ${attempt.status}`);
  }
}
