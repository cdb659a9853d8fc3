/** The checklist's sections E, F, G: timeouts, revocation, rotation, login, errors. Data only. */

import type { Row } from './row.contract.ts';

export const rowsOfRevocation: readonly Row[] = [
  {
    row: 52,
    requirement:
      'a session that nobody uses for as long as the setting says is over, whatever the client keeps; its use, or its refresh, goes on in time',
    sources: 'ASVS 5.0.0 7.1.1, 7.3.1; NIST SP 800-63B-4 2.2.3',
    applies: true,
  },
  {
    row: 53,
    requirement: 'a session ends at its absolute lifetime, however diligently it is used and refreshed until then',
    sources: 'ASVS 5.0.0 7.3.2, 10.4.8; NIST SP 800-63B-4 2.1.3, 2.2.3, 2.3.3',
    applies: true,
  },
  {
    row: 54,
    requirement: 'after a logout no credential that was seen before it opens anything, at any node',
    sources: 'ASVS 5.0.0 7.4.1',
    applies: true,
  },
  {
    row: 55,
    requirement:
      'a logout ends the refresh token and every access token of the session, those from before a refresh too',
    sources: 'ASVS 5.0.0 7.4.1; RFC 7009 2.1, 2.2',
    applies: true,
  },
  {
    row: 56,
    requirement: 'nothing of a user who has been disabled is good any more, at any node, and nobody logs in as them',
    sources: 'ASVS 5.0.0 7.4.2',
    applies: true,
  },
  {
    row: 57,
    requirement: 'a changed password ends the other sessions of its user; the one that changed it goes on as it is',
    sources: 'ASVS 5.0.0 7.4.3',
    applies: true,
  },
  {
    row: 58,
    requirement: 'an administrator ends every session of any user, and nobody else does',
    sources: 'ASVS 5.0.0 7.4.5',
    applies: true,
  },
  {
    row: 59,
    requirement:
      'a user sees the own sessions and ends any one of them, and only that one dies; the session itself is proof enough, because ending one gives nobody anything',
    sources: 'ASVS 5.0.0 7.5.2',
    applies: true,
  },
  {
    row: 60,
    requirement:
      'the password is changed by whoever shows the present one in that very request: a session, however fresh, is no proof of its owner',
    sources: 'ASVS 5.0.0 7.5.1, 7.5.3',
    applies: true,
  },
  {
    row: 61,
    requirement:
      'ending what is unknown, expired or over is a success; an end that was not made durable is 503, and the client keeps its cookies to try again',
    sources: 'RFC 7009 2.2',
    applies: true,
  },
  {
    row: 62,
    requirement: 'introspection demands a credential, and says of what is not good nothing but that',
    sources: 'RFC 7662 2.2, 4',
    applies: 'No introspection is offered: who verifies authlab’s tokens has the JWK Set, or is authlab.',
  },
  {
    row: 63,
    requirement:
      'of several ends, that of the session, of the user and of the signing key, each refuses by itself, in whatever order they come, and none takes another back',
    sources: 'CVE-2026-8922, CVE-2026-18218 (Keycloak)',
    applies: true,
  },
  {
    row: 64,
    requirement:
      'what was ended before every node was started anew is refused from the first request: 401, or 503 until the node has caught up',
    sources: 'Keycloak issue 31296',
    applies: true,
  },
  {
    row: 65,
    requirement:
      'a Redis that is killed, stopped, out of reach, a replica, full, loading, or asks for a password lets nobody in who was refused, nobody new in, and tells nobody that something was done',
    sources: 'ASVS 5.0.0 16.5.2, 16.5.3',
    applies: true,
  },
  {
    row: 66,
    requirement:
      'every call to Redis has a deadline, and whatever is wrong with Redis a request is answered within a few',
    sources: 'ASVS 5.0.0 13.1.3, 13.2.6',
    applies: true,
  },
  {
    row: 67,
    requirement:
      'a refresh uses its token up; one that comes back, as parent after the grace or as any older one, ends the session and its access tokens',
    sources: 'ASVS 5.0.0 10.4.5; RFC 9700 2.2.2, 4.14.2',
    applies: true,
  },
  {
    row: 68,
    requirement: 'of fifty refreshes with one token at the same time, over two nodes, no two get different successors',
    sources: 'CVE-2026-1035 (Keycloak); ASVS 5.0.0 15.4.2',
    applies: true,
  },
  {
    row: 69,
    requirement: 'a token that was rotated away is not good again after the nodes, or Redis, have been restarted',
    sources: 'CVE-2026-9802 (Keycloak)',
    applies: true,
  },
  {
    row: 70,
    requirement:
      'a refresh whose answer was lost, or that was never carried out, used nothing up: the same token, shown again in time, goes on and is no theft',
    sources: 'Keycloak issue 49213; ASVS 5.0.0 2.3.3',
    applies: true,
  },
  {
    row: 71,
    requirement:
      'refresh tokens end by inactivity and with their session; rotation moves the first end and never the second',
    sources: 'RFC 9700 4.14.2; ASVS 5.0.0 10.4.8',
    applies: true,
  },
  {
    row: 72,
    requirement: 'Redis holds digests of refresh tokens, reference tokens and session handles, and none of their texts',
    sources: 'RFC 9700 4.14; ASVS 5.0.0 6.5.2',
    applies: true,
  },
  {
    row: 73,
    requirement:
      'the session that a refresh token names cannot be exchanged for another, and whoever tries ends neither',
    sources: 'RFC 9700 4.14.2',
    applies: true,
  },
  {
    row: 74,
    requirement:
      'new passwords have at least 15 characters, of any kind, and up to 1,024 bytes; every character counts, in its own case, and none is cut off',
    sources: 'ASVS 5.0.0 6.2.1, 6.2.8, 6.2.9; NIST SP 800-63B-4 3.1.1.2',
    applies: true,
  },
  {
    row: 75,
    requirement:
      'guessing passwords is stopped where the guesses come from, while the victim logs in from elsewhere; made-up refresh tokens are refused before anybody is asked',
    sources: 'ASVS 5.0.0 6.3.1, 2.4.1',
    applies: true,
  },
  {
    row: 76,
    requirement: 'an unknown user and a wrong password are answered alike: status, headers, body and time',
    sources: 'ASVS 5.0.0 6.3.8',
    applies: true,
  },
  {
    row: 77,
    requirement:
      'nobody can log in, and nothing is secret by a value that others know, unless a setting says so: users of the lab and of the demo are there on request alone',
    sources: 'ASVS 5.0.0 6.3.2',
    applies: true,
  },
  {
    row: 78,
    requirement:
      'passwords are kept as argon2id hashes of the listed cost, and hashing them leaves the event loop free',
    sources: 'ASVS 5.0.0 11.4.2, appendix C; OWASP password storage cheat sheet',
    applies: true,
  },
  {
    row: 79,
    requirement:
      'errors of every kind say what is wrong in general: no stack, no name of a library, no credential, no path',
    sources: 'ASVS 5.0.0 16.5.1, 13.4.2, 13.4.6',
    applies: true,
  },
  {
    row: 80,
    requirement:
      'logins, ends and stolen refresh tokens can be read afterwards, failed logins in a stream of their own that cannot grow without end; no credential and no line break of a client gets into a log',
    sources: 'ASVS 5.0.0 16.2.5, 16.3.1 to 16.3.3, 16.4.1',
    applies: true,
  },
  {
    row: 81,
    requirement: 'TRACE and every method that a route does not have are refused, and change nothing',
    sources: 'ASVS 5.0.0 13.4.4, 4.1.4',
    applies: true,
  },
];
