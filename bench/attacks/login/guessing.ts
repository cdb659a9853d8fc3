/** Guesses passwords: often, from addresses that are made up, and so that the victim is locked out (ASVS 6.3.1, 2.4.1). */

import type { Answer, CataloguedAttack, Scene } from '../attack.ts';
import { forwardedFor } from '../broken/doors.ts';
import { open } from '../crafted.ts';
import { logInWith, loginFields } from '../log-in.ts';
import { NothingProven } from '../nothing-proven.ts';
import { postRequest, told } from '../requests.ts';
import { withoutSessions } from '../traits.ts';

const tries = 25;

const often: CataloguedAttack = {
  group: 'login',
  name: 'password-guessing',
  title: 'passwords guessed at will',
  deed: `tries ${tries} passwords of one user, one after the other`,
  question: 'Does the server ever say that this is enough?',
  source: 'OWASP ASVS 5.0.0 6.3.1; NIST SP 800-63B-4 3.2.2; CWE-307',
  ground: 'people',
  inapplicable: withoutSessions,
  async run(scene) {
    const source = scene.nextSource();
    return judged(await guess(scene, scene.nextUser(), () => source), 'from one address');
  },
  broken: { algorithm: 'HS256', mistake: () => ({ attempt: () => true }) },
};

const spoofed: CataloguedAttack = {
  group: 'login',
  name: 'spoofed-address',
  title: 'guesses from made-up addresses',
  deed: 'writes another address into X-Forwarded-For with every guess',
  question: 'Whom does the server believe where a request comes from?',
  source: 'RFC 7239 8.1; CVE-2026-27959 (the same trust in Host); OWASP ASVS 5.0.0 4.1.3; CWE-348',
  ground: 'people',
  inapplicable: withoutSessions,
  async run(scene) {
    const source = scene.nextSource();
    const answers = await guess(scene, scene.nextUser(), () => `${scene.nextSource()}, ${source}`);
    return judged(answers, 'with another address each time before the one that the proxy adds');
  },
  broken: {
    algorithm: 'HS256',
    // The first address, which the client wrote itself.
    mistake: () => ({ sourceOf: ({ headers }) => forwardedFor(headers)[0] ?? '' }),
  },
};

const lockout: CataloguedAttack = {
  group: 'login',
  name: 'victim-locked-out',
  title: 'victim locked out by guesses',
  deed: 'guesses until the limit, so that the user cannot log in any more',
  question: 'Can a stranger keep a user out by guessing?',
  source: 'OWASP ASVS 5.0.0 6.3.1; NIST SP 800-63B-4 3.2.2; CWE-645',
  ground: 'people',
  inapplicable: withoutSessions,
  async run(scene) {
    const [victim, source] = [scene.nextUser(), scene.nextSource()];
    const answers = await guess(scene, victim, () => source);
    const login = await logInWith(scene, victim, { 'x-forwarded-for': scene.nextSource() });
    const evidence = `after ${answers.length} guesses from one address the user's own login from another was answered ${login.ok ? '200' : login.reason}`;
    return { outcome: login.ok ? { kind: 'blocked' } : open, evidence };
  },
  broken: {
    algorithm: 'HS256',
    // Counts a user's failures, wherever they come from.
    mistake: () => {
      const failures = new Map<string, number>();
      return {
        attempt(_source, username) {
          failures.set(username, (failures.get(username) ?? 0) + 1);
          return (failures.get(username) ?? 0) <= 10;
        },
      };
    },
  },
};

async function guess(scene: Scene, user: string, source: () => string): Promise<readonly Answer[]> {
  const { path } = scene.contestant.login;
  const answers: Answer[] = [];
  for (let index = 0; index < tries; index += 1) {
    const fields = { ...loginFields(scene, user), password: `guess-${index}-of-many` };
    const answer = await scene.ask(postRequest(path, { 'x-forwarded-for': source() }, fields));
    if (answer.status >= 500) throw new NothingProven(`a wrong password was answered ${told(answer)}`);
    answers.push(answer);
  }
  return answers;
}

function judged(answers: readonly Answer[], how: string) {
  const limited = answers.findIndex(({ status }) => status === 429);
  const evidence =
    limited < 0
      ? `POST /auth/login judged ${answers.length} wrong passwords of one user ${how}`
      : `POST /auth/login 429 from the ${limited + 1}th wrong password on, ${how}`;
  return { outcome: limited < 0 ? open : ({ kind: 'blocked' } as const), evidence };
}

export const guesses: readonly CataloguedAttack[] = [often, spoofed, lockout];
