/** Reads how cookies and answers protect themselves: attributes, prefixes, caches (6265bis 4.1.3, OWASP ASVS 3.3). */

import type { CataloguedAttack, Scene } from '../attack.ts';
import { type SetCookie, setCookieOf } from '../cookies.ts';
import { open } from '../crafted.ts';
import { loginRequest } from '../log-in.ts';
import { NothingProven } from '../nothing-proven.ts';
import { isAccepted, told } from '../requests.ts';
import { withoutCookie, withoutSessions } from '../traits.ts';

const attributes: CataloguedAttack = {
  group: 'cookies',
  name: 'cookie-attributes',
  title: 'cookie that anybody may read or set',
  deed: 'waits for a script, another host or another site to get at the cookie',
  question: 'Do HttpOnly, Secure, SameSite and a prefix guard every credential cookie?',
  source: 'RFC 6265bis 4.1.3, 8.8; OWASP ASVS 5.0.0 3.3.1 to 3.3.4',
  inapplicable: withoutCookie,
  async run(scene) {
    const cookies = (await loginAnswer(scene)).setCookies.map(setCookieOf);
    if (cookies.length === 0) throw new NothingProven('the login set no cookie');
    const lacking = cookies.flatMap((cookie) =>
      lacksOf(cookie).map((what) => `${prefixOf(cookie.name)} cookie ${what}`),
    );
    const kept = cookies.map(
      ({ name, attributes: own }) =>
        `${prefixOf(name)} HttpOnly Secure SameSite=${own.samesite} Path=${own.path === '/' ? '/' : '…/auth'}`,
    );
    const evidence =
      lacking.length === 0 ? `login set ${[...new Set(kept)].join('; ')}` : [...new Set(lacking)].join('; ');
    return { outcome: lacking.length === 0 ? { kind: 'blocked' } : open, evidence };
  },
  broken: {
    algorithm: 'HS256',
    mistake: () => ({
      cookie: (name, path, value, maxAgeSeconds) => `${name}=${value}; Path=${path}; Max-Age=${maxAgeSeconds}; Secure`,
    }),
  },
};

/** `__Host-` forbids a path, which a refresh cookie needs so that it does not ride along everywhere: then `__Secure-`. */
function lacksOf({ name, attributes: own }: SetCookie): string[] {
  const site = (own.samesite ?? '').toLowerCase();
  const isPrefixed = name.startsWith('__Host-')
    ? own.path === '/' && own.domain === undefined
    : name.startsWith('__Secure-') && own.path !== undefined && own.path !== '/' && own.domain === undefined;
  return [
    ...(own.httponly === undefined ? ['without HttpOnly'] : []),
    ...(own.secure === undefined ? ['without Secure'] : []),
    ...(site === 'lax' || site === 'strict' ? [] : ['without SameSite']),
    ...(isPrefixed ? [] : ['without a prefix that binds it']),
  ];
}

function prefixOf(name: string): string {
  return /^__(?:Host|Secure)-/.exec(name)?.[0] ?? 'unprefixed';
}

const cached: CataloguedAttack = {
  group: 'cookies',
  name: 'cached-credential',
  title: 'credential left in a cache',
  deed: "looks into the browser's cache and a proxy's for the answer to a login",
  question: 'May a cache keep what a login has answered?',
  source: 'RFC 9111 5.2.2.5; RFC 6749 5.1; OWASP ASVS 5.0.0 14.3.2',
  inapplicable: withoutSessions,
  async run(scene) {
    const { headers } = await loginAnswer(scene);
    const control = headers['cache-control'] ?? 'no Cache-Control';
    return {
      outcome: /\bno-store\b/.test(control) ? { kind: 'blocked' } : open,
      evidence: `POST /auth/login answers with ${control}`,
    };
  },
  broken: { algorithm: 'HS256', mistake: () => ({ answerHeaders: () => ({}) }) },
};

async function loginAnswer(scene: Scene) {
  const answer = await scene.ask(loginRequest(scene, scene.nextUser()));
  if (!isAccepted(answer)) throw new NothingProven(`a login was answered ${told(answer)}`);
  return answer;
}

const shared: CataloguedAttack = {
  group: 'cookies',
  name: 'shared-with-other-origins',
  title: 'answers that other sites may read',
  deed: "has a page of its own read the user's profile",
  question: "May another site's script read what the server answers to its user?",
  source: 'Fetch standard, CORS; OWASP ASVS 5.0.0 3.4.2; CWE-942',
  inapplicable: withoutSessions,
  async run(scene, session) {
    const { contestant } = scene;
    const own = session.headersFor(contestant.protectedPath);
    const seen: string[] = [];
    for (const origin of ['https://evil.example', 'null', `${contestant.nodes[0]}.evil.example`]) {
      const answers = [
        await scene.ask({ method: 'GET', path: contestant.protectedPath, headers: { ...own, origin } }),
        await scene.ask({
          method: 'OPTIONS',
          path: contestant.login.path,
          headers: {
            origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'content-type',
          },
        }),
      ];
      for (const { headers } of answers) {
        const allowed = headers['access-control-allow-origin'];
        if (allowed !== undefined) seen.push(allowed === '*' ? '*' : 'the origin that asked');
      }
    }
    const evidence =
      seen.length === 0
        ? 'no answer to three foreign origins, preflight included, allows any'
        : `Access-Control-Allow-Origin names ${seen[0]}`;
    return { outcome: seen.length === 0 ? { kind: 'blocked' } : open, evidence };
  },
  broken: {
    algorithm: 'HS256',
    // Whoever asks is welcome.
    mistake: (careful) => ({
      answerHeaders: (request) => ({
        ...careful.answerHeaders(request),
        ...(request.headers.origin === undefined
          ? {}
          : { 'access-control-allow-origin': request.headers.origin, 'access-control-allow-credentials': 'true' }),
      }),
    }),
  },
};

export const cookieAttributes: readonly CataloguedAttack[] = [attributes, cached, shared];
