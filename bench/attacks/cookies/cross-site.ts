/** Requests that another site makes the user's browser send (OWASP CSRF cheat sheet, Fetch Metadata). */

import type { Credential } from '../../workload/credential.ts';
import type { AttackRequest, CataloguedAttack, Scene } from '../attack.ts';
import { open } from '../crafted.ts';
import { type ForgedRequest, presentRequests } from '../forgeries.ts';
import { logIn, loginFields } from '../log-in.ts';
import { isAccepted, profileRequest, told } from '../requests.ts';
import { withoutCookie, withoutSessions } from '../traits.ts';

const evil = 'https://evil.example';

/** What a foreign page can bring a browser to send: a form, or a request that the browser marks as another site's. */
const manners: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['a form, with its Origin', { 'content-type': 'application/x-www-form-urlencoded', origin: evil }],
  ['plain text', { 'content-type': 'text/plain' }],
  ['JSON, with its Origin', { 'content-type': 'application/json', origin: evil }],
  ['JSON, marked as cross-site', { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site', origin: evil }],
  ['JSON, marked as same-site', { 'content-type': 'application/json', 'sec-fetch-site': 'same-site' }],
  ['JSON, from nowhere', { 'content-type': 'application/json', origin: 'null' }],
];

const changes: CataloguedAttack = {
  group: 'cookies',
  name: 'cross-site-request',
  title: "another site's request",
  deed: "has the user's browser refresh and log out from a page of its own",
  question: 'Does a cookie that rides along prove that the user wanted this?',
  source: 'OWASP ASVS 5.0.0 3.5.1, 3.5.2; OWASP CSRF cheat sheet; CWE-352',
  inapplicable: withoutCookie,
  async run(scene, session) {
    const requests = pathsOf(scene).flatMap((path) =>
      manners.map(
        ([what, headers]): ForgedRequest => ({
          request: forged(session, path, headers),
          what: `${what} of another site`,
        }),
      ),
    );
    const result = await presentRequests(scene, requests);
    const after = await scene.ask(profileRequest(scene.contestant, session.headersFor(scene.contestant.protectedPath)));
    if (isAccepted(after) || result.outcome.kind !== 'blocked') return result;
    return { outcome: open, evidence: `${result.evidence}, and yet the session was over then (${told(after)})` };
  },
  broken: { algorithm: 'HS256', mistake: () => ({ admits: () => true }) },
};

/** Cookies come along; a bearer token does not. */
function forged(session: Credential, path: string, headers: Readonly<Record<string, string>>): AttackRequest {
  const { cookie } = session.headersFor(path);
  const body = headers['content-type'] === 'application/json' ? '{}' : 'a=b';
  return { method: 'POST', path, headers: { ...headers, ...(cookie !== undefined && { cookie }) }, body };
}

function pathsOf({ contestant }: Scene): string[] {
  const { refreshPath, revokePath, revokeAllPath, traits } = contestant;
  const byCookie = traits.transport === 'cookie' && revokeAllPath !== undefined ? [revokeAllPath] : [];
  return [...(refreshPath === null ? [] : [refreshPath]), revokePath, ...byCookie];
}

const login: CataloguedAttack = {
  group: 'cookies',
  name: 'cross-site-login',
  title: "another site's login",
  deed: "logs the user's browser in as the attacker",
  question: 'Can a page of another site begin a session in the browser?',
  source: 'OWASP ASVS 5.0.0 3.5.1; OWASP CSRF cheat sheet (login); CWE-352',
  inapplicable: withoutSessions,
  run(scene) {
    const fields = loginFields(scene, scene.nextUser());
    const json = JSON.stringify(fields);
    const form = new URLSearchParams(fields).toString();
    // A form of one field, its name and value joined by `=`, can be made to read as JSON.
    const disguised = `${json.slice(0, -1)},"x":"="}`;
    const { path } = scene.contestant.login;
    return presentRequests(
      scene,
      manners.flatMap(([what, headers]) => {
        const bodies = /json/.test(headers['content-type'] ?? '') ? [json] : [form, disguised];
        return bodies.map((body) => ({
          request: { method: 'POST', path, headers, body },
          what: `${what} of another site`,
        }));
      }),
    );
  },
  broken: {
    algorithm: 'HS256',
    mistake: (careful) => ({
      admits: () => true,
      fieldsOf: (request) =>
        request.body.startsWith('{')
          ? careful.fieldsOf(request)
          : Object.fromEntries(new URLSearchParams(request.body)),
    }),
  },
};

const byAddress: CataloguedAttack = {
  group: 'cookies',
  name: 'change-by-get',
  title: 'change by a mere address',
  deed: 'has a picture on its page point at the logout',
  question: 'Does a request that only asks change anything?',
  source: 'RFC 9110 9.2.1; OWASP ASVS 5.0.0 3.5.3; CWE-650',
  inapplicable: withoutSessions,
  async run(scene) {
    const victim = await logIn(scene);
    const { contestant } = scene;
    const requests = pathsOf(scene).flatMap((path) =>
      (['GET', 'HEAD', 'PUT'] as const).map((method): ForgedRequest => {
        const { cookie, authorization } = victim.headersFor(path);
        const headers = {
          ...(cookie !== undefined && { cookie }),
          ...(authorization !== undefined && { authorization }),
        };
        return { request: { method, path, headers }, what: `${method} on ${path.split('/').at(-1)}` };
      }),
    );
    const result = await presentRequests(scene, requests);
    const after = await scene.ask(profileRequest(contestant, victim.headersFor(contestant.protectedPath)));
    if (result.outcome.kind === 'unproven' || isAccepted(after) === (result.outcome.kind === 'blocked')) return result;
    return { outcome: open, evidence: `${result.evidence}; the session was answered ${told(after)} then` };
  },
  broken: { algorithm: 'HS256', mistake: () => ({ changingMethods: ['POST', 'GET'], admits: () => true }) },
};

export const crossSite: readonly CataloguedAttack[] = [changes, login, byAddress];
