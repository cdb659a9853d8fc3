/** The checklist's sections C, D: how signed tokens are verified, and how their keys live. Data only. */

import type { Row } from './row.contract.ts';

const verification: readonly Row[] = [
  {
    row: 24,
    requirement: 'a token that was changed in any place is refused, and nothing it claims is acted upon',
    sources: 'ASVS 9.1.1; RFC 8725 3.3',
    applies: true,
  },
  {
    row: 25,
    requirement: 'each strategy accepts one algorithm; a token without a signature is refused, however it spells that',
    sources: 'ASVS 9.1.2; RFC 8725 3.1, 3.2; RFC 9068 2.1, 4; CVE-2015-2951, CVE-2022-23540',
    applies: true,
  },
  {
    row: 26,
    requirement: 'letter case counts in alg, and a key serves the one algorithm that it was made for',
    sources: 'RFC 8725bis 3.1; CVE-2022-23541',
    applies: true,
  },
  {
    row: 27,
    requirement: 'nothing that is public serves as an HMAC secret, in whatever form it is written',
    sources: 'RFC 8725 2.1, 3.1; ASVS 9.1.2; CVE-2015-9235, CVE-2016-10555, CVE-2023-48223, CVE-2026-34950',
    applies: true,
  },
  {
    row: 28,
    requirement: 'an empty key verifies nothing',
    sources: 'CVE-2026-44351; GHSA-8wpc-h4q6-8fxv',
    applies: true,
  },
  {
    row: 29,
    requirement: 'a token cannot bring its key along, nor say where to fetch one: nothing is fetched',
    sources: 'ASVS 9.1.3; RFC 8725 3.10; OWASP JWT cheat sheet; CVE-2018-0114',
    applies: true,
  },
  {
    row: 30,
    requirement: 'a kid finds one of the keys that the server has or none, and is used for nothing else',
    sources: 'RFC 8725 3.10; CVE-2016-1000223, CVE-2025-65945',
    applies: true,
  },
  {
    row: 31,
    requirement: 'a token that demands an extension is refused, although its signature is right',
    sources: 'RFC 7515 4.1.11; RFC 7797; CVE-2026-35042',
    applies: true,
  },
  {
    row: 32,
    requirement: 'a token must say when it expires, and counts from nbf to exp with at most 60 s of tolerance',
    sources: 'ASVS 9.2.1; RFC 7519 4.1.4, 4.1.5; RFC 9068 4',
    applies: true,
  },
  {
    row: 33,
    requirement: 'iss is one text, equal to the configured issuer letter by letter',
    sources: 'RFC 8725 3.8; CVE-2025-30144',
    applies: true,
  },
  {
    row: 34,
    requirement: 'aud is the name of the one strategy that accepts the token',
    sources: 'ASVS 9.2.3, 9.2.4, 10.3.1; RFC 8725 3.9',
    applies: true,
  },
  {
    row: 35,
    requirement: 'access tokens, refresh tokens and session cookies are never taken for one another',
    sources: 'ASVS 9.2.2; RFC 8725 3.11, 3.12; RFC 9068 2.1, 4',
    applies: true,
  },
  {
    row: 36,
    requirement: 'every access token has typ at+jwt and says iss, exp, aud, sub, client_id, iat and jti',
    sources: 'RFC 9068 2.1, 2.2',
    applies: true,
  },
  {
    row: 37,
    requirement: 'sub is a text that is not empty, and names a user whom the server knows',
    sources: 'ASVS 10.3.3; RFC 8725 3.8',
    applies: true,
  },
  {
    row: 38,
    requirement: 'members that are there twice, __proto__ and payloads that are no object do no harm',
    sources: 'RFC 7519 4; ASVS 15.3.5, 15.3.6; fast-jwt #638',
    applies: true,
  },
];

const forms: readonly Row[] = [
  {
    row: 39,
    requirement: 'only a compact JWS is a token; whatever else is sent is refused at once and at no cost',
    sources: 'RFC 8725bis 3; CVE-2021-29443, CVE-2022-36083, CVE-2024-28176',
    applies: true,
  },
  {
    row: 40,
    requirement: 'a revoked token stays revoked however its signature is spelled',
    sources: 'OWASP JWT cheat sheet; RFC 4648 3.5; RFC 7515 2',
    applies: true,
  },
  {
    row: 41,
    requirement: 'keys are strong by default, and the server does not start with weak ones',
    sources: 'ASVS 11.2.3, 11.6.1, appendix C; RFC 8725 3.5; RFC 7518 3.2, 3.3; CVE-2022-23539, CVE-2022-23529',
    applies: true,
  },
  {
    row: 42,
    requirement: 'Ed25519 is called so; the deprecated name EdDSA is refused',
    sources: 'ASVS 9.1.2; RFC 9864 2.2, 4.1',
    applies: true,
  },
  {
    row: 43,
    requirement: 'a request that carries two different credentials is refused, and neither wins',
    sources: 'RFC 6750 2',
    applies: true,
  },
  {
    row: 44,
    requirement:
      'a 401 says Bearer, with an error only if a token was sent; a lack of rights is 403 insufficient_scope',
    sources: 'RFC 6750 3, 3.1',
    applies: true,
  },
  {
    row: 45,
    requirement: 'a credential beyond the size of any real one is refused before it costs anything',
    sources: 'ASVS 15.1.3, 15.2.2; CVE-2025-25200, CVE-2026-35041',
    applies: true,
  },
];

const keys: readonly Row[] = [
  {
    row: 46,
    requirement: 'published keys have public members alone, a kid of their own, alg and use; no two uses share a key',
    sources: 'ASVS 11.1.1, 13.3.4; RFC 7517 4, 5',
    applies: true,
  },
  {
    row: 47,
    requirement: 'through a rotation no valid token is refused, and afterwards no token of the old key is accepted',
    sources: 'RFC 8725 3.8; ASVS 11.2.2',
    applies: true,
  },
  {
    row: 48,
    requirement: 'a flood of unknown kids makes the server fetch nothing, and good tokens pass meanwhile',
    sources: 'RFC 8725 3.10; jose, cooldown of remote JWK Sets',
    applies: true,
  },
  {
    row: 49,
    requirement: 'while keys cannot be asked after, the last good ones count for a bounded time, then nothing does',
    sources: 'ASVS 16.5.3',
    applies: true,
  },
  {
    row: 50,
    requirement: 'no secret stands in the repository, the image, the log of events, an answer, a log or a result',
    sources: 'ASVS 13.3.1, 13.3.2',
    applies: true,
  },
  {
    row: 51,
    requirement: 'cookie keys rotate: the new one signs, the previous verifies until removed',
    sources: 'ASVS 11.2.2; keygrip',
    applies: true,
  },
];

/** By number. */
export const rowsOfTokens: readonly Row[] = [...verification, ...forms, ...keys];
