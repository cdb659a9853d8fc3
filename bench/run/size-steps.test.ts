/** What the step that sizes a credential records of a toy server that logs in, that refuses, and that is not well. */

import { afterEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../record/run-events.ts';
import { startToy, type Toy } from '../workload/toy-contestant.ts';
import type { Undated } from './lab.ts';
import { measureCredentialSize } from './size-steps.ts';

const toys: Toy[] = [];

afterEach(async () => {
  await Promise.all(toys.splice(0).map((started) => started.close()));
});

async function recordedOf(loginStatus: number, profile = 'permissions-200') {
  const toy = await startToy({ nodes: 1, loginStatus });
  toys.push(toy);
  const recorded: Undated<RunEvent>[] = [];
  const asked: string[] = [];
  const lab = { record: (event: Undated<RunEvent>) => void recorded.push(event), signal: new AbortController().signal };
  const withClaims = async (_name: string, claims: string) => {
    asked.push(claims);
    return toy.contestant;
  };
  await measureCredentialSize(lab, { withClaims }, 'toy', profile);
  return { recorded, asked };
}

describe('sizing a credential', () => {
  it('records its bytes under the words of the profile, of a user of that profile', async () => {
    const { recorded, asked } = await recordedOf(200, 'roles-1');
    expect(asked).toEqual(['roles-1']);
    expect(recorded).toEqual([expect.objectContaining({ type: 'SizeMeasured', contestant: 'toy', claims: '1 role' })]);
    expect(recorded[0]).toMatchObject({ requestHeaderBytes: expect.any(Number) });
  });

  it('records that a login was refused', async () => {
    const { recorded } = await recordedOf(500);
    expect(recorded).toEqual([{ type: 'LoginRefused', contestant: 'toy', claims: '200 permissions', status: 500 }]);
  });

  it.each([401, 429, 503])('takes %i for no refusal of what the user has', async (status) => {
    await expect(recordedOf(status)).rejects.toMatchObject({
      code: 'ERR_PART_CRASHED',
      message: `toy answered a login with ${status}`,
    });
  });
});
