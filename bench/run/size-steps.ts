/** The step that sizes a credential: one login of a user of the claim profile, or the answer that refuses it. */

import { measureSize } from '../probes/size.ts';
import { claimsText } from '../scenario/token-size-schema.ts';
import { attemptLogIn } from '../workload/log-in.ts';
import type { Lab } from './lab.ts';
import { recordRefusal } from './refused-login.ts';
import type { Stage } from './stage.ts';

/** None that a window or a trial uses. */
const sizedUser = 900_000;

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
  } else {
    recordRefusal(lab, name, claims, attempt.status);
  }
}
