/** The checklist's sections A, B: how sessions and tokens are made, and how cookies carry them. Data only. */

import type { Row } from './row.contract.ts';

export const rowsOfCreation: readonly Row[] = [
  {
    row: 1,
    requirement: 'the server itself judges every credential, and nothing that is merely configured opens a session',
    sources: 'ASVS 7.2.1, 7.2.2',
    applies: true,
  },
  {
    row: 2,
    requirement: 'random identifiers carry 128 bits or more of a CSPRNG, and have no other structure',
    sources: 'ASVS 7.2.3, 11.5.1; SP 800-63B-4 5.1',
    applies: true,
  },
  {
    row: 3,
    requirement: 'a login brings another identifier and ends the session that the client came with',
    sources: 'ASVS 7.2.4; koajs/session #113',
    applies: true,
  },
  {
    row: 4,
    requirement: 'an identifier that the server never issued is not adopted, whoever signed it',
    sources: 'OWASP Session Management Cheat Sheet',
    applies: true,
  },
  {
    row: 5,
    requirement: 'what a client sends as an identifier is checked before it becomes part of a key in Redis',
    sources: 'OWASP Session Management Cheat Sheet',
    applies: true,
  },
  {
    row: 6,
    requirement: 'no cookie is set that a browser would drop for its size: such a login fails, and says so',
    sources: 'ASVS 3.3.5; RFC 6265bis 5.6',
    applies: true,
  },
  {
    row: 7,
    requirement: 'credentials stand in no URL, and one that is sent there is not looked at',
    sources: 'ASVS 14.2.1; RFC 9700 2.1, 4.3; RFC 6750 2.3',
    applies: true,
  },
  {
    row: 8,
    requirement:
      'what a client can read of its credential is name, session, roles, times and counters, and nothing else',
    sources: 'SP 800-63B-4 5.1.1; ASVS 14.3.3',
    applies: true,
  },
  {
    row: 9,
    requirement: 'a user has no more sessions at a strategy than the setting allows: one more ends the oldest',
    sources: 'ASVS 7.1.2',
    applies: true,
  },
  {
    row: 10,
    requirement:
      'a cookie is __Host-, Secure, for the path / and no domain; a refresh token goes to /auth alone, hence __Secure-',
    sources: 'ASVS 3.3.1, 3.3.3; RFC 6265bis 4.1.3',
    applies: true,
  },
  {
    row: 11,
    requirement: 'no script can read a cookie of ours, nor finds its value in a body or another header',
    sources: 'ASVS 3.3.4',
    applies: true,
  },
  {
    row: 12,
    requirement: 'every cookie says SameSite, and never None',
    sources: 'ASVS 3.3.2; RFC 6265bis 8.8',
    applies: true,
  },
  {
    row: 13,
    requirement: 'the letter case of a cookie name counts, and of two cookies of one name neither does',
    sources: 'RFC 6265bis 5.6; OWASP Session Management Cheat Sheet',
    applies: true,
  },
  {
    row: 14,
    requirement: 'a cookie that the client keeps beyond its end opens nothing',
    sources: 'SP 800-63B-4 5.1.1; OWASP Session Management Cheat Sheet',
    applies: true,
  },
  {
    row: 15,
    requirement: 'a request that changes something proves that no other site caused it',
    sources: 'ASVS 3.5.1, 3.5.2; OWASP CSRF Prevention Cheat Sheet',
    applies: true,
  },
  {
    row: 16,
    requirement: 'a CSRF token is good for one session',
    sources: 'OWASP CSRF Prevention Cheat Sheet',
    applies: 'There are no CSRF tokens: the proof is Sec-Fetch-Site, Origin or a media type that no form can send.',
  },
  {
    row: 17,
    requirement: 'methods that only ask change nothing',
    sources: 'ASVS 3.5.3; RFC 9110 9.2.1',
    applies: true,
  },
  {
    row: 18,
    requirement: 'no other origin is given leave to read an answer (CORS)',
    sources: 'ASVS 3.4.2',
    applies: true,
  },
  {
    row: 19,
    requirement: 'no other site can log a browser in',
    sources: 'OWASP CSRF Prevention Cheat Sheet',
    applies: true,
  },
  {
    row: 20,
    requirement: 'no cache keeps an answer about sessions or of a protected resource, refusals included',
    sources: 'ASVS 14.3.2; RFC 9111 5.2.2.5',
    applies: true,
  },
  {
    row: 21,
    requirement: 'a logout takes the cookies back under the name, path and attributes they were set with',
    sources: 'ASVS 14.3.1; OWASP Session Management Cheat Sheet',
    applies: true,
  },
  {
    row: 22,
    requirement: 'nothing but a login begins a session or sets a cookie',
    sources: 'ASVS 7.6.2',
    applies: true,
  },
  {
    row: 23,
    requirement: 'without TLS nothing works, and only a proxy that was configured is believed to have TLS',
    sources: "ASVS 4.1.3; Koa's app.proxy",
    applies: true,
  },
];
