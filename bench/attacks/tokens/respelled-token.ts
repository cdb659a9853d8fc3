/** Spells a revoked token anew: the same bytes in other letters, or the twin of an ECDSA signature (RFC 4648 3.5). */

import type { CataloguedAttack, Scene } from '../attack.ts';
import type { Session } from '../broken/claims.ts';
import { readToken } from '../broken/read-token.ts';
import { gotThrough } from '../crafted.ts';
import { NothingProven } from '../nothing-proven.ts';
import { accessTokenOf, bearer, isAccepted, isRefused, postRequest, profileRequest, told } from '../requests.ts';
import { withoutToken } from '../traits.ts';
import { watchUntilRefused } from '../watch.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export const respelledToken: CataloguedAttack = {
  group: 'tokens',
  name: 'respelled-token',
  title: 'revoked token in other letters',
  deed: 'spells a token anew after the logout',
  question: 'Is a revocation held against what a token says, or against its letters?',
  source: 'RFC 4648 3.5; RFC 7515 2; CWE-180; OWASP JWT cheat sheet (denylist)',
  inapplicable: withoutToken,
  async run(scene, session) {
    const { contestant } = scene;
    const token = accessTokenOf(contestant, session) ?? '';
    const spellings = spellingsOf(token, scene.contestant.traits.signature?.algorithm === 'ES256');
    const alive = await acceptedOf(scene, spellings);
    if (alive.accepted === 0) {
      const evidence = `none of ${spellings.length} other spellings of a living token was accepted (${alive.answers})`;
      return { outcome: { kind: 'blocked' }, evidence };
    }
    const path = contestant.revokePath;
    const logout = await scene.ask(postRequest(path, session.headersFor(path)));
    if (!isAccepted(logout)) throw new NothingProven(`the logout was answered ${told(logout)}`);
    const request = profileRequest(contestant, bearer(token));
    const { refusal } = await watchUntilRefused(
      scene,
      request,
      logout.receivedAtMillis + (scene.boundMillis ?? 0) + 200,
    );
    const dead = await acceptedOf(scene, spellings);
    const evidence = `${alive.accepted} of ${spellings.length} other spellings were accepted before the logout, ${dead.accepted} after it (${dead.answers})`;
    if (refusal === null) return { outcome: gotThrough(scene, 54), evidence: `${evidence}, and the token itself too` };
    return {
      outcome: dead.accepted === 0 ? { kind: 'blocked' } : { kind: 'open', window: null, boundMillis: 0 },
      evidence,
    };
  },
  broken: {
    algorithm: 'HS256',
    mistake(_careful, world) {
      const ended = new Set<string>();
      return {
        read: (token) => readToken(token, { world, algorithm: 'HS256', without: 'spelling' }),
        isLive: (_session: Session, token) => !ended.has(token),
        end: (_sid, token) => void ended.add(token),
      };
    },
  },
};

async function acceptedOf(scene: Scene, tokens: readonly string[]) {
  let accepted = 0;
  const answers = new Map<string, number>();
  for (const token of tokens) {
    const answer = await scene.ask(profileRequest(scene.contestant, bearer(token)));
    if (isAccepted(answer)) accepted += 1;
    else if (!isRefused(answer)) throw new NothingProven(`another spelling was answered ${told(answer)}`);
    answers.set(told(answer), (answers.get(told(answer)) ?? 0) + 1);
  }
  return { accepted, answers: [...answers].map(([answer, count]) => `${answer}: ${count}`).join(', ') };
}

function spellingsOf(token: string, hasTwin: boolean): string[] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const signatures = [
    `${signature}=`,
    `${signature}==`,
    bytes.toString('base64'),
    withSpareBits(signature),
    ...(hasTwin ? [twinOf(bytes).toString('base64url')] : []),
  ];
  const others = [
    `${withSpareBits(header)}.${payload}.${signature}`,
    `${header}.${withSpareBits(payload)}.${signature}`,
    `${header}=.${payload}.${signature}`,
    `${header}.${payload}=.${signature}`,
    `${token}.`,
  ];
  return [...signatures.map((spelling) => `${header}.${payload}.${spelling}`), ...others].filter(
    (text) => text !== token,
  );
}

/** The next letter at the end that decodes to the same bytes; the text itself where there is none. */
function withSpareBits(text: string): string {
  const next = `${text.slice(0, -1)}${alphabet[alphabet.indexOf(text.at(-1) ?? '') + 1] ?? ''}`;
  return Buffer.from(next, 'base64url').equals(Buffer.from(text, 'base64url')) ? next : text;
}

const orderOfP256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** (r, n - s) verifies wherever (r, s) does. */
function twinOf(signature: Buffer): Buffer {
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
  const twin = (orderOfP256 - s).toString(16).padStart(64, '0');
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(twin, 'hex')]);
}
