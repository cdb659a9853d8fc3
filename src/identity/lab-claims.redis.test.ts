/** What a lab's users are given reaches every strategy's own place for it. */

import { expect, test } from 'vitest';
import { oneOfEachFamily, randomUser, useServers } from '../checklist/checklist-server.contract.ts';
import { labClaims } from './lab-claims.ts';

const names = oneOfEachFamily();
const servers = useServers({ settings: { STRATEGIES: names.join(','), LAB_CLAIMS: 'typical' } });

test.each(names)('%s tells them to the application', async (name) => {
  const client = await servers.loggedIn(name, 0, randomUser());
  expect((await client.profile()).body).toMatchObject({ roles: labClaims('typical') });
});
