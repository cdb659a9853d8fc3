/** Bodies of a login that are none: too long, too deep, of other types, with members that reach into the program. */

import type { CataloguedAttack } from '../attack.ts';
import { open } from '../crafted.ts';
import { type ForgedRequest, presentRequests } from '../forgeries.ts';
import { logIn, loginFields } from '../log-in.ts';
import { isAccepted, isRefused, jsonMembers, profileRequest, told } from '../requests.ts';
import { withoutSessions } from '../traits.ts';

const json = { 'content-type': 'application/json' };

const long: CataloguedAttack = {
  group: 'login',
  name: 'oversize-body',
  title: 'login of 100 KB',
  deed: 'logs in with a body that is a thousand times too long',
  question: 'Does the server read whatever it is sent?',
  source: 'OWASP ASVS 5.0.0 15.1.3, 4.1.5; CWE-770',
  inapplicable: withoutSessions,
  run(scene) {
    const body = JSON.stringify({ ...loginFields(scene, scene.nextUser()), more: 'x'.repeat(100_000) });
    const { path } = scene.contestant.login;
    return presentRequests(scene, [
      { request: { method: 'POST', path, headers: json, body }, what: 'a body of 100 KB' },
    ]);
  },
  broken: { algorithm: 'HS256', mistake: () => ({ bodyLimitBytes: Number.POSITIVE_INFINITY }) },
};

const deep: CataloguedAttack = {
  group: 'login',
  name: 'deep-body',
  title: 'login with JSON thousands deep',
  deed: 'logs in with lists in lists, 7,500 deep',
  question: 'Does the server fall over what it can only read by calling itself?',
  source: 'CWE-674; OWASP ASVS 5.0.0 15.1.3, 15.2.2',
  inapplicable: withoutSessions,
  async run(scene) {
    const { path } = scene.contestant.login;
    const nested = `${'['.repeat(7_500)}${']'.repeat(7_500)}`;
    const fields = JSON.stringify(loginFields(scene, scene.nextUser()));
    const seen: string[] = [];
    let fell = false;
    for (const body of [nested, `${fields.slice(0, -1)},"more":${nested}}`, `{"username":${nested},"password":"x"}`]) {
      const answer = await scene.ask({ method: 'POST', path, headers: json, body });
      seen.push(told(answer));
      // One that ignores what it does not know lets its user in, and that is all right.
      fell ||= !isRefused(answer) && !isAccepted(answer);
    }
    return {
      outcome: fell ? open : { kind: 'blocked' },
      evidence: `POST /auth/login ${seen.join(', ')} to 15 KB of lists in lists`,
    };
  },
  broken: {
    algorithm: 'HS256',
    // Copies everything, each list within its list.
    mistake: (careful) => ({
      bodyLimitBytes: 65_536,
      fieldsOf: (request) => copied(careful.fieldsOf(request)) as Readonly<Record<string, unknown>>,
    }),
  },
};

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => copied(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copied(member)]));
}

const polluting: CataloguedAttack = {
  group: 'login',
  name: 'prototype-pollution',
  title: 'members named __proto__',
  deed: 'logs in with __proto__ and constructor, to be an admin for ever after',
  question: 'Does a member of a request become a member of everything?',
  source: 'CWE-1321; OWASP ASVS 5.0.0 15.3.6; SNYK-JS-IOREDIS-1567196',
  inapplicable: withoutSessions,
  async run(scene) {
    const { path } = scene.contestant.login;
    const roles = ['user', 'admin'];
    const fields = JSON.stringify(loginFields(scene, scene.nextUser())).slice(0, -1);
    const members = [
      `"__proto__":${JSON.stringify({ roles })}`,
      `"constructor":{"prototype":${JSON.stringify({ roles })}}`,
      `"roles":${JSON.stringify(roles)}`,
    ];
    const answers: string[] = [];
    for (const member of members)
      answers.push(told(await scene.ask({ method: 'POST', path, headers: json, body: `${fields},${member}}` })));
    const after = await logIn(scene);
    const profile = await scene.ask(profileRequest(scene.contestant, after.headersFor(scene.contestant.protectedPath)));
    const { roles: now } = jsonMembers(profile.body);
    const isAdmin = Array.isArray(now) && now.includes('admin');
    const evidence = `POST /auth/login ${answers.join(', ')}; whoever logs in then is ${isAdmin ? 'an admin' : 'what they were before'}`;
    return { outcome: isAdmin ? open : { kind: 'blocked' }, evidence };
  },
  broken: {
    algorithm: 'HS256',
    // Merges what it reads into its defaults, whatever the names. Their prototype is not that of all objects, lest the other variants in this process be polluted too.
    mistake: ({ sessions }) => {
      const base = Object.create(null) as Members;
      return {
        fieldsOf: ({ body }) => merged(Object.create(withPrototype(base)) as Members, JSON.parse(body)),
        start: (sub) => sessions.start(sub, Array.isArray(base.roles) ? base.roles : ['user']),
      };
    },
  },
};

type Members = Record<string, unknown>;

/** As objects have it, which are made with a prototype that can be reached by name. */
function withPrototype(base: Members): Members {
  return Object.defineProperty(Object.create(base) as Members, '__proto__', { get: () => base });
}

function merged(target: Members, source: Members): Members {
  for (const [name, value] of Object.entries(source)) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isObject) merged((target[name] ?? {}) as Members, value as Members);
    else target[name] = value;
  }
  return target;
}

const types: CataloguedAttack = {
  group: 'login',
  name: 'type-confusion',
  title: 'a password that is no text',
  deed: 'sends operators, lists and numbers for name and password',
  question: 'Is anything but a text a password?',
  source: 'CWE-943, CWE-843; OWASP ASVS 5.0.0 2.2.1, 15.3.5',
  inapplicable: withoutSessions,
  run(scene) {
    const fields = loginFields(scene, scene.nextUser());
    const { path } = scene.contestant.login;
    const values = [{ $ne: '' }, { $gt: '' }, { $regex: '.*' }, ['lab-password'], [], true, 0, null, {}, undefined];
    const bodies = values.flatMap((value) => Object.keys(fields).map((name) => ({ ...fields, [name]: value })));
    const requests = [...bodies, [fields], null, 'x', 1].map(
      (body): ForgedRequest => ({
        request: { method: 'POST', path, headers: json, body: JSON.stringify(body) },
        what: `a body such as ${JSON.stringify(body).slice(0, 60)}`,
      }),
    );
    return presentRequests(scene, requests);
  },
  broken: {
    algorithm: 'HS256',
    // An operator is handed to the database, and fits every password.
    mistake: (careful) => ({
      verifies: (username, password) =>
        (typeof password === 'object' && password !== null && '$ne' in password) ||
        careful.verifies(username, password),
    }),
  },
};

const contentTypes: CataloguedAttack = {
  group: 'login',
  name: 'content-type-confusion',
  title: 'JSON under another name',
  deed: 'sends JSON and calls it something else',
  question: 'Is the body read as what it is called?',
  source: 'CWE-436; OWASP ASVS 5.0.0 4.1.1, 3.5.2; RFC 9110 8.3',
  inapplicable: withoutSessions,
  run(scene) {
    const body = JSON.stringify(loginFields(scene, scene.nextUser()));
    const { path } = scene.contestant.login;
    const names = [
      'text/plain',
      'text/json',
      'application/xml',
      'multipart/form-data; boundary=x',
      'application/x-www-form-urlencoded',
      'application/json-patch+json',
      'text/plain; application/json',
      'applicaton/json',
      '',
    ];
    return presentRequests(
      scene,
      names.map((type) => ({
        request: { method: 'POST', path, headers: type === '' ? {} : { 'content-type': type }, body },
        what: type === '' ? 'JSON without a name' : `JSON called ${type}`,
      })),
    );
  },
  broken: { algorithm: 'HS256', mistake: () => ({ admits: () => true }) },
};

export const bodies: readonly CataloguedAttack[] = [long, deep, polluting, types, contentTypes];
