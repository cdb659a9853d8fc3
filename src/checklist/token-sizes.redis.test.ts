/** Row 45 over HTTP: credentials that are too long for anybody's. */

import { expect, test } from 'vitest';
import { ask } from '../http/http.contract.ts';
import { sessionCookieName } from '../strategies/cookie-names.ts';
import { traitsOf } from '../strategies/registry.ts';
import { compactJws } from '../tokens/forged-signatures.contract.ts';
import { oneOfEachFamily } from './checklist-server.contract.ts';
import { costMillis } from './request-cost.contract.ts';
import { describeRow } from './row.contract.ts';
import { signedVariously, useTokenServer } from './token-server.contract.ts';

const everybody = [...oneOfEachFamily(), 'none'];
const server = useTokenServer(signedVariously, {
  STRATEGIES: [...new Set([...everybody, ...signedVariously])].join(','),
});

describeRow(45, () => {
  const huge: Readonly<Record<string, string>> = {
    '8 KiB': 'A'.repeat(8_193),
    '8 KiB in three parts': `${'A'.repeat(2_731)}.${'A'.repeat(2_731)}.${'A'.repeat(2_731)}`,
    '15 KiB': 'A'.repeat(15_000),
    '15 kB of dots': '.'.repeat(15_000),
    '100 kB of dots': '.'.repeat(100_000),
    '1 MiB': 'A'.repeat(1_048_576),
  };

  test.each(everybody)('%s', async (name) => {
    const { transport } = traitsOf(name);
    for (const [size, text] of Object.entries(huge)) {
      for (const headers of [{ authorization: `Bearer ${text}` }, { cookie: `${sessionCookieName(name)}=${text}` }]) {
        const port = server.servers.port();
        let status = 0;
        const cost = await costMillis(async () => {
          ({ status } = await ask(port, `/${name}/profile`, { headers }));
        });
        const isTaken = transport === 'ignored' && text.length < 16_000 && 'cookie' in headers;
        expect([size, Object.keys(headers), isTaken || (status >= 400 && status < 500), cost < 20]).toEqual([
          size,
          Object.keys(headers),
          true,
          true,
        ]);
      }
    }
  });

  test('a token that would be signed right is too long too, and audiences that explode a pattern do not', async () => {
    for (const name of signedVariously) {
      const { header, payload, sign } = server.genuine(name);
      const long = compactJws(header, { ...payload, roles: ['x'.repeat(7_000)] }, sign);
      expect([name, (await server.judge(name, long)).status]).toEqual([name, 431]);
    }
    for (const name of signedVariously.filter((variant) => variant.startsWith('jwt-hs256'))) {
      const { header, payload, sign } = server.genuine(name);
      const token = compactJws(header, { ...payload, aud: `${'a'.repeat(2_500)}!` }, sign);
      expect(await costMillis(() => server.judge(name, token))).toBeLessThan(20);
      const forwarded = { 'x-forwarded-for': ' ,'.repeat(4_000), 'x-forwarded-host': `${'a,'.repeat(500)}` };
      const path = `/${name}/profile`;
      expect(await costMillis(() => server.pool.send('GET', path, forwarded))).toBeLessThan(20);
    }
  });
});
