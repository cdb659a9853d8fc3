/** Rows 32 to 38 over HTTP: what a token must claim, although its signature is right. */

import { expect, test } from 'vitest';
import { loadConfig } from '../config.ts';
import { failsByDesign } from '../strategies/by-design.ts';
import { refreshCookieName, sessionCookieName } from '../strategies/cookie-names.ts';
import { strategyNames, traitsOf } from '../strategies/registry.ts';
import { compactJws } from '../tokens/forged-signatures.contract.ts';
import { randomUser } from './checklist-server.contract.ts';
import { describeRow } from './row.contract.ts';
import {
  type Genuine,
  signedNames,
  signedVariously,
  useTokenServer,
  withClaims,
  withHeader,
} from './token-server.contract.ts';

const leewaySeconds = 30;
const server = useTokenServer(signedVariously, { LEEWAY_SECONDS: `${leewaySeconds}` });
const readFile = (): never => {
  throw new Error('no test reads files');
};
const nowSeconds = () => Math.floor(Date.now() / 1000);

/** The payload with one of its values written as this text, which JSON may know and JavaScript may not. */
function rewritten(genuine: Genuine, member: string, text: string) {
  const { [member]: _, ...others } = genuine.payload;
  return withClaims(genuine, `${member} ${text}`, `${JSON.stringify(others).slice(0, -1)},"${member}":${text}}`);
}

function without(genuine: Genuine, member: string) {
  const { [member]: _, ...others } = genuine.payload;
  return withClaims(genuine, `without ${member}`, others);
}

describeRow(32, () => {
  const numbers = ['-1', '0', '1e400', '-1e400', 'null', 'true', '[]', '{}', '""', '"soon"'];

  test('exp: past, missing, and what is no moment', () =>
    server.expectAllRefused((genuine) => {
      const { exp } = genuine.payload;
      const past = [1, 60, 86_400].map((seconds) => `${nowSeconds() - leewaySeconds - seconds}`);
      const wrong = [...numbers, `"${exp}"`, `${exp}.5`, `[${exp}]`];
      return [without(genuine, 'exp'), ...[...past, ...wrong].map((text) => rewritten(genuine, 'exp', text))];
    }));

  test('nbf and iat: ahead, and what is no moment', () =>
    server.expectAllRefused((genuine) => {
      const ahead = [20, 3_600].map((seconds) =>
        rewritten(genuine, 'nbf', `${nowSeconds() + leewaySeconds + seconds}`),
      );
      const wrong = numbers.flatMap((text) => [rewritten(genuine, 'nbf', text), rewritten(genuine, 'iat', text)]);
      return [...ahead, ...wrong, without(genuine, 'iat')];
    }));

  test('within the tolerance a token counts, and the tolerance is a minute at most', async () => {
    for (const name of signedVariously) {
      const genuine = server.genuine(name);
      const slack = leewaySeconds - 15;
      for (const [claim, moment] of [
        ['exp', nowSeconds() - slack],
        ['nbf', nowSeconds() + slack],
      ] as const) {
        const { token } = rewritten(genuine, claim, `${moment}`);
        expect([name, claim, (await server.judge(name, token)).status]).toEqual([name, claim, 200]);
      }
    }
    const tolerant = { environment: { AUTHLAB_LAB: 'true', AUTHLAB_LEEWAY_SECONDS: '61' }, flags: {}, readFile };
    expect(loadConfig(tolerant)).toMatchObject({
      ok: false,
      faults: [{ place: 'environment AUTHLAB_LEEWAY_SECONDS', message: 'must be at most 60' }],
    });
  });
});

describeRow(33, () => {
  test('missing, other, in a list, with a slash more, in capitals', () =>
    server.expectAllRefused((genuine) => {
      const issuer = String(genuine.payload.iss);
      const wrong = [
        ...['', 'https://evil.example', `${issuer}/`, issuer.toUpperCase(), ` ${issuer}`, issuer.slice(0, -1)],
        ...[
          [issuer],
          [issuer, 'https://evil.example'],
          ['https://evil.example', issuer],
          { iss: issuer },
          null,
          1,
          true,
        ],
      ];
      return [without(genuine, 'iss'), ...wrong.map((iss) => rewritten(genuine, 'iss', JSON.stringify(iss)))];
    }));
});

describeRow(34, () => {
  test("missing, other, another strategy's, and lists that hold the right one", () =>
    server.expectAllRefused((genuine) => {
      const { name } = genuine;
      const siblings = signedNames.filter((other) => other !== name && server.keyOf(other) === genuine.key);
      expect(siblings.length).toBeGreaterThan(2);
      const wrong = [
        '',
        `${name}x`,
        name.toUpperCase(),
        [name],
        [name, 'other'],
        ['other', name],
        [],
        {},
        null,
        ...siblings,
      ];
      return [without(genuine, 'aud'), ...wrong.map((aud) => rewritten(genuine, 'aud', JSON.stringify(aud)))];
    }));

  test('the very tokens that other strategies have issued, also under the same key', () =>
    server.expectAllRefused((genuine) =>
      signedVariously
        .filter((other) => other !== genuine.name)
        .map((other) => ({ name: `of ${other}`, token: server.genuine(other).token })),
    ));
});

describeRow(35, () => {
  test('refresh tokens, other media types, and what other strategies put into cookies, as access tokens', async () => {
    const session = await server.logIn('jwt-hs256');
    await server.expectAllRefused((genuine) => {
      const { header, refreshToken } = genuine;
      const { typ: _, ...untyped } = header;
      const typs = ['JWT', 'jwt', 'rt+jwt', 'AT+JWT', 'application/at+jwt', '', null, ['at+jwt']];
      expect(refreshToken).toMatch(/^[^.]+\..{40}/);
      return [
        { name: 'its refresh token', token: refreshToken },
        { name: 'a refresh token of jwt-hs256', token: session.refreshToken },
        withHeader(genuine, 'no typ', untyped),
        ...typs.map((typ) => withHeader(genuine, `typ ${typ}`, { ...header, typ })),
      ];
    });
  });

  test("access tokens and strangers' tokens as refresh tokens", async () => {
    for (const name of signedVariously) {
      const own = server.genuine(name);
      const other = server.genuine(name === 'jwt-hs256' ? 'jwt-es256' : 'jwt-hs256');
      const cookie = (value: string) => ({ cookie: `${refreshCookieName(name)}=${value}` });
      const wrong = [
        cookie(own.token),
        cookie(other.refreshToken),
        { authorization: `Bearer ${own.token}` },
        { authorization: `Bearer ${own.refreshToken}` },
        { cookie: `${sessionCookieName(name)}=${own.refreshToken}` },
      ];
      for (const headers of wrong) {
        const { status, body } = await server.pool.send('POST', `/${name}/auth/refresh`, headers);
        expect([name, status, body.error]).toEqual([name, 401, 'invalid_grant']);
      }
    }
  });
});

describeRow(36, () => {
  test.each(signedVariously)('%s', async (name) => {
    const [one, other] = [server.genuine(name), await server.logIn(name)];
    expect(one.header).toEqual({ alg: traitsOf(name).signature?.algorithm, typ: 'at+jwt', kid: one.key.kid });
    expect(one.payload).toMatchObject({
      iss: 'https://authlab.invalid',
      aud: name,
      sub: one.sub,
      client_id: 'authlab',
      jti: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
    });
    const { iat, exp } = one.payload as { iat: number; exp: number };
    expect([Number.isInteger(iat), exp - iat, Math.abs(iat - nowSeconds()) < 60]).toEqual([true, 900, true]);
    expect(other.payload.jti).not.toBe(one.payload.jti);
  });
});

describeRow(37, () => {
  test('missing, empty, too long, and what is no text', () =>
    server.expectAllRefused((genuine) => {
      const wrong = ['', 'x'.repeat(256), 1, 0, true, null, {}, { sub: genuine.sub }, [], [genuine.sub]];
      return [without(genuine, 'sub'), ...wrong.map((sub) => rewritten(genuine, 'sub', JSON.stringify(sub)))];
    }));

  test('somebody unknown: refused by whoever asks for the user, by design not by who asks for less', async () => {
    const designed = new Set<boolean>();
    for (const name of signedVariously) {
      const { token } = rewritten(server.genuine(name), 'sub', '"nobody-has-this-name"');
      const isDesigned = failsByDesign(traitsOf(name), 37);
      expect([name, (await server.judge(name, token)).status]).toEqual([name, isDesigned ? 200 : 401]);
      designed.add(isDesigned);
    }
    expect(designed).toEqual(new Set([true, false]));
  });

  test('only families whose tokens carry the user fail it', () => {
    const failing = strategyNames().filter((name) => failsByDesign(traitsOf(name), 37));
    expect(failing.filter((name) => !signedNames.includes(name))).toEqual([]);
  });
});

describeRow(38, () => {
  test('payloads that are no object, and objects that hide their members', () =>
    server.expectAllRefused((genuine) => {
      const { payload } = genuine;
      const text = JSON.stringify(payload);
      const bodies = ['[1]', 'null', '"x"', '1', 'true', '', '{', '{}', `[${text}]`, `"${payload.sub}"`, `${text}x`];
      const hidden = [`{"__proto__":${text}}`, `{"constructor":{"prototype":${text}}}`, `{"toJSON":${text}}`];
      return [...bodies, ...hidden].map((body) => withClaims(genuine, body.slice(0, 30), body));
    }));

  test('members that are there twice are refused, or the last counts: the same everywhere', async () => {
    const stranger = randomUser();
    for (const name of signedVariously) {
      const { header, payload, sub, sign } = server.genuine(name);
      const text = JSON.stringify(payload).slice(1);
      const twice = [`{"sub":"${stranger}",${text}`, `{"roles":["admin"],${text}`, `{"exp":1,${text}`];
      for (const body of [...twice, `{"__proto__":{"admin":true,"roles":["admin"]},${text}`]) {
        const answer = await server.judge(name, compactJws(header, body, sign));
        expect([name, answer]).toMatchObject([name, { status: 200, body: { sub, roles: ['user'] } }]);
        expect(answer.body).not.toHaveProperty('admin');
      }
      const last = `{${text.slice(0, -1)},"iss":"https://evil.example"}`;
      expect([name, (await server.judge(name, compactJws(header, last, sign))).status]).toEqual([name, 401]);
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });
});
