/** Headers and payloads that must never be accepted, whoever signed them. */

import type { Members } from './forged-signatures.contract.ts';

/** By name: headers that are not the one of the genuine token. */
export function forgedHeaders(header: Members): readonly [string, unknown][] {
  const { typ: _typ, kid: _kid, ...bare } = header;
  const typs = ['JWT', 'rt+jwt', 'AT+JWT', '', null, ['at+jwt']].map((typ): [string, unknown] => [
    `typ ${JSON.stringify(typ)}`,
    { ...header, typ },
  ]);
  const kids = ['../../../dev/null', "' OR 1=1--", '__proto__', 'constructor', '', null, [header.kid], {}, 1].map(
    (kid): [string, unknown] => [`kid ${JSON.stringify(kid)}`, { ...header, kid }],
  );
  const { alg, typ, kid } = header;
  const extensions = {
    crit: ['exp'],
    b64: false,
    jku: 'http://127.0.0.1:9/',
    x5u: 'http://127.0.0.1:9/',
    x5c: ['MA=='],
    zip: 'DEF',
    cty: 'JWT',
  };
  return [
    ['typ missing', { ...bare, kid: header.kid }],
    ['kid missing', { ...bare, typ: header.typ }],
    ...typs,
    ...kids,
    ['crit empty', { ...header, crit: [] }],
    ['other order', { typ, alg, kid }],
    ['alg twice', `{"alg":"none","alg":"${alg}","typ":"${typ}","kid":"${kid}"}`],
    ['alg twice, the first is right', `{"alg":"${alg}","alg":"none","typ":"${typ}","kid":"${kid}"}`],
    ['members in __proto__', `{"__proto__":${JSON.stringify(header)}}`],
    ['no object', '[]'],
    ['nothing', ''],
    ['crit twice', `${JSON.stringify({ ...header, crit: [] }).slice(0, -1)},"crit":["exp"]}`],
    ...Object.entries(extensions).map(([name, value]): [string, unknown] => [name, { ...header, [name]: value }]),
  ];
}

/** By name: payloads that are not to be believed, though the server's own key had signed them. */
export function forgedClaims(payload: Members, nowSeconds: number): readonly [string, unknown][] {
  const text = JSON.stringify(payload);
  const missing = ['iss', 'aud', 'sub', 'sid', 'jti', 'client_id', 'roles', 'iat', 'exp'].map(
    (name): [string, unknown] => [
      `${name} missing`,
      Object.fromEntries(Object.entries(payload).filter(([key]) => key !== name)),
    ],
  );
  const lists = ['iss', 'aud', 'sub', 'sid', 'jti', 'exp'].map((name): [string, unknown] => [
    `${name} as a list that holds the right one`,
    { ...payload, [name]: [payload[name]] },
  ]);
  const numbers = ['-1', '0', `${nowSeconds + 60}.5`, '1e400', '-1e400', 'null', 'true', '{}', '""'];
  const times = ['exp', 'iat'].flatMap((name) =>
    [...numbers, `"${payload[name]}"`].map((value): [string, unknown] => [
      `${name} ${value}`,
      text.replace(`"${name}":${payload[name]}`, `"${name}":${value}`),
    ]),
  );
  const starts = ['1e400', '-1', `${nowSeconds - 60}.5`, `"${nowSeconds - 60}"`, 'null', '[]'].map(
    (nbf): [string, unknown] => [`nbf ${nbf}`, `${text.slice(0, -1)},"nbf":${nbf}}`],
  );
  const values: Readonly<Record<string, readonly unknown[]>> = {
    iss: ['', `${payload.iss}/`, String(payload.iss).toUpperCase(), null],
    aud: ['', `${payload.aud}x`, [payload.aud, 'other'], null],
    sub: ['', 1, {}, null, 'x'.repeat(256)],
    sid: ['', '*', '0', `${payload.sid}\n`, '{0}.x'],
    jti: ['', 1, 'x'.repeat(65)],
    roles: ['user', {}, [1], null],
    nbf: [nowSeconds + 3_600, 'soon'],
    epoch: ['0', -1, 0.5, null],
    client_id: ['', 'other', [payload.client_id]],
  };
  return [
    ...missing,
    ...lists,
    ...times,
    ...starts,
    ...Object.entries(values).flatMap(([name, wrong]) =>
      wrong.map((value): [string, unknown] => [
        `${name} ${JSON.stringify(value)}`.slice(0, 60),
        { ...payload, [name]: value },
      ]),
    ),
    ['long expired', { ...payload, exp: nowSeconds - 86_400 }],
    ['exp twice, the last long past', `${text.slice(0, -1)},"exp":${nowSeconds - 86_400}}`],
    ['iss twice, the last not ours', `${text.slice(0, -1)},"iss":"https://evil.example"}`],
    ['aud twice, the last not ours', `${text.slice(0, -1)},"aud":"other"}`],
    ['roles in __proto__ only', text.replace('"roles":', '"__proto__":{"roles":["admin"]},"rules":')],
    ['claims in __proto__', `{"__proto__":${text}}`],
    ['after a byte order mark', `\uFEFF${text}`],
    ...['[1]', 'null', '"x"', '1', '', '{', `[${text}]`].map((body): [string, unknown] => [
      `payload ${body}`.slice(0, 20),
      body,
    ]),
  ];
}
