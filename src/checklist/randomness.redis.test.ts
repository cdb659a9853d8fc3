/** Row 2: what must be random is, in every bit. */

import { expect, test } from 'vitest';
import type { Client } from '../strategies/lab-client.contract.ts';
import { randomUser, useServers } from './checklist-server.contract.ts';
import { describeRow } from './row.contract.ts';

const servers = useServers({ settings: { STRATEGIES: 'session,reference-token,jwt-hs256', STRATEGY: 'session' } });

/** The random bytes of one login's identifiers, by what they are called. */
type Identifiers = Readonly<Record<string, string>>;

const contestants: Readonly<Record<string, (client: Client) => Identifiers>> = {
  session: (client) => ({ handle: client.credential.split('.')[1] ?? '' }),
  'reference-token': (client) => ({
    handle: client.credential.split('.')[1] ?? '',
    refreshToken: client.refreshToken?.split('.')[2] ?? '',
  }),
  'jwt-hs256': (client) => {
    const payload = Buffer.from(client.credential.split('.')[1] ?? '', 'base64url').toString();
    const { jti, sid } = JSON.parse(payload) as { jti: string; sid: string };
    return { jti, sid: sid.split('.')[1] ?? '', refreshToken: client.refreshToken?.split('.')[2] ?? '' };
  },
};

describeRow(2, () => {
  const logins = 400;
  const atOnce = 20;
  /** Of 1,400 bits none of a fair generator strays so far but once in some ten million runs. */
  const standardDeviations = 6.5;

  test.each(Object.entries(contestants))('of %s', async (name, identifiersOf) => {
    const found: Identifiers[] = [];
    while (found.length < logins) {
      const clients = Array.from({ length: atOnce }, () => servers.client(name, 0, randomUser()));
      await Promise.all(clients.map((client) => client.login()));
      found.push(...clients.map(identifiersOf));
    }
    for (const kind of Object.keys(found[0] ?? {})) {
      const bytes = found.map((identifiers) => Buffer.from(identifiers[kind] ?? '', 'base64url'));
      expect(Math.min(...bytes.map(({ length }) => length)), `bytes of ${kind}`).toBeGreaterThanOrEqual(16);
      // Half of each is unique already: no time, counter or name stands in front or at the end.
      for (const part of [(all: Buffer) => all.subarray(0, 8), (all: Buffer) => all.subarray(-8)]) {
        expect(new Set(bytes.map((all) => part(all).toString('hex'))).size, kind).toBe(found.length);
      }
      const versionOfUuid = bytes.filter((all) => ((all[6] ?? 0) & 0xf0) === 0x40 && ((all[8] ?? 0) & 0xc0) === 0x80);
      expect(versionOfUuid.length).toBeLessThan(logins / 4);
      const strayed = strayBits(bytes, standardDeviations);
      expect(strayed, `bits of ${kind} that are not fair`).toEqual([]);
    }
  });
});

/** The positions at which ones are too many or too few for a fair coin. */
function strayBits(samples: readonly Buffer[], standardDeviations: number): readonly number[] {
  const limit = (standardDeviations * Math.sqrt(samples.length)) / 2;
  const bits = (samples[0]?.length ?? 0) * 8;
  return Array.from({ length: bits }, (_, bit) => bit).filter((bit) => {
    const ones = samples.filter((bytes) => ((bytes[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0).length;
    return Math.abs(ones - samples.length / 2) > limit;
  });
}
