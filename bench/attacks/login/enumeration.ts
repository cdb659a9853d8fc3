/** Finds out who has an account: by what the server says to a wrong password, and by how long that takes (ASVS 6.3.8). */

import { pbkdf2Sync } from 'node:crypto';
import type { Answer, CataloguedAttack, Scene } from '../attack.ts';
import { usernames } from '../broken/doors.ts';
import { open } from '../crafted.ts';
import { loginFields } from '../log-in.ts';
import { NothingProven } from '../nothing-proven.ts';
import { postRequest, told } from '../requests.ts';
import { withoutSessions } from '../traits.ts';
import { rankSum } from './rank-sum.ts';

const byAnswer: CataloguedAttack = {
  group: 'login',
  name: 'enumeration-by-answer',
  title: 'users found by the answer',
  deed: 'compares what is said to a wrong password and to an unknown user',
  question: 'Does the answer to a failed login tell whether there is such a user?',
  source: 'OWASP ASVS 5.0.0 6.3.8; CWE-204',
  ground: 'people',
  inapplicable: withoutSessions,
  async run(scene) {
    const known = await wrongLogin(scene, scene.nextUser());
    const unknown = await wrongLogin(scene, unknownUser(scene));
    const differing = [
      ...(known.status === unknown.status ? [] : ['the status']),
      ...(known.body === unknown.body ? [] : ['the body']),
      ...headersThatDiffer(known, unknown),
    ];
    const evidence = `POST /auth/login ${told(known)} with a wrong password, ${told(unknown)} for an unknown user`;
    if (differing.length === 0)
      return { outcome: { kind: 'blocked' }, evidence: `${evidence}: the same letter by letter` };
    return { outcome: open, evidence: `${evidence}: ${differing.join(' and ')} tell them apart` };
  },
  broken: {
    algorithm: 'HS256',
    mistake: (careful) => ({
      refusal: (username) =>
        usernames.test(String(username)) ? careful.refusal(username) : { title: 'There is no such user.' },
    }),
  },
};

const ignored: ReadonlySet<string> = new Set(['date', 'connection', 'keep-alive']);

function headersThatDiffer(known: Answer, unknown: Answer): string[] {
  const names = new Set([...Object.keys(known.headers), ...Object.keys(unknown.headers)]);
  return [...names].filter((name) => !ignored.has(name) && known.headers[name] !== unknown.headers[name]);
}

/** Of each kind: enough to tell a password that is hashed from one that is not, under whatever else goes on. */
const samples = 20;
const significance = 0.001;

const byTime: CataloguedAttack = {
  group: 'login',
  name: 'enumeration-by-time',
  title: 'users found by the time',
  deed: 'measures how long a wrong password and an unknown user take',
  question: 'Does the time of a failed login tell whether there is such a user?',
  source: 'OWASP ASVS 5.0.0 6.3.8; CWE-208',
  ground: 'people',
  inapplicable: withoutSessions,
  async run(scene) {
    const known: number[] = [];
    const unknown: number[] = [];
    for (let index = 0; index < samples; index += 1) {
      known.push(timeOf(await wrongLogin(scene, scene.nextUser())));
      unknown.push(timeOf(await wrongLogin(scene, unknownUser(scene))));
    }
    const { pValue } = rankSum(known, unknown);
    const [left, right] = [known, unknown].map((times) => `${median(times).toFixed(1)} ms`);
    const evidence = `${samples} of each, by turns: median ${left} with a wrong password, ${right} for an unknown user (rank sum, p ${pValue < significance ? '<' : '≥'} ${significance})`;
    return { outcome: pValue < significance ? open : { kind: 'blocked' }, evidence };
  },
  broken: {
    algorithm: 'HS256',
    // Only a user who exists has a hash to compare with.
    mistake: (careful) => ({
      verifies(username, password) {
        if (usernames.test(String(username))) pbkdf2Sync(String(password), 'salt', 20_000, 32, 'sha256');
        return careful.verifies(username, password);
      },
    }),
  },
};

function timeOf({ sentAtMillis, receivedAtMillis }: Answer): number {
  return receivedAtMillis - sentAtMillis;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[sorted.length >> 1] ?? 0;
}

/** From an address of its own: a limit must not answer in the place of the password. */
async function wrongLogin(scene: Scene, user: string): Promise<Answer> {
  const fields = { ...loginFields(scene, user), password: 'a-wrong-password' };
  const request = postRequest(scene.contestant.login.path, { 'x-forwarded-for': scene.nextSource() }, fields);
  const answer = await scene.ask(request);
  if (answer.status !== 401 && answer.status !== 400 && answer.status !== 404) {
    throw new NothingProven(`a wrong password was answered ${told(answer)}`);
  }
  return answer;
}

function unknownUser(scene: Scene): string {
  return scene.nextUser().replace('user-', 'nobody-');
}

export const enumerations: readonly CataloguedAttack[] = [byAnswer, byTime];
