/** Tokens of the server's own key whose times are none, odd, over or not come (RFC 7519 2, 4.1.4, 4.1.5). */

import type { CataloguedAttack, Scene } from '../attack.ts';
import { membersOf, readToken } from '../broken/read-token.ts';
import { type Crafted, presentCrafted } from '../crafted.ts';
import type { OpenedToken } from '../token.ts';
import { withoutToken } from '../traits.ts';

const expiry: CataloguedAttack = {
  group: 'tokens',
  name: 'odd-expiry',
  title: 'expiry that is none',
  deed: 'leaves exp out, or puts something there that never comes',
  question: 'Does every token that is accepted end at a time that is known?',
  source: 'RFC 7519 4.1.4; RFC 9068 4; OWASP ASVS 5.0.0 9.2.1',
  inapplicable: withoutToken,
  run: (scene, session) =>
    presentCrafted(scene, session, (genuine) => [
      ...textsOf(genuine, 'exp', [
        ...['"soon"', '"9999999999"', '1e400', '-1e400', '-1', '0', 'null', 'true', '{}', '[]', '""'],
        `[${genuine.payload.exp}]`,
        `"${genuine.payload.exp}"`,
        `${justOver(scene)}`,
      ]),
      { payload: { ...genuine.payload, exp: undefined }, what: 'without exp' },
    ]),
  broken: {
    algorithm: 'HS256',
    // What is no number is not less than now.
    mistake: (_careful, world) => ({
      read(token) {
        const exp = Number(membersOf(token.split('.')[1] ?? '')?.exp);
        if (exp <= world.clock.wallMillis() / 1_000) return null;
        return readToken(token, { world, algorithm: 'HS256', without: ['expiry', 'spelling'] });
      },
    }),
  },
};

/** A second more than the leeway ago. */
function justOver({ leewayMillis }: Scene): number {
  return Math.floor((Date.now() - leewayMillis) / 1_000) - 1;
}

const notBefore: CataloguedAttack = {
  group: 'tokens',
  name: 'not-yet-valid',
  title: 'token that is not valid yet',
  deed: 'presents a token before its nbf',
  question: 'Is a token refused until its time has come?',
  source: 'RFC 7519 4.1.5; OWASP ASVS 5.0.0 9.2.1',
  inapplicable: withoutToken,
  run: (scene, session) =>
    presentCrafted(scene, session, (genuine) => {
      const later = Math.floor(Date.now() / 1_000) + 3_600;
      const without = { ...genuine, payload: { ...genuine.payload, nbf: 0 } };
      return textsOf(without, 'nbf', [`${later}`, `"${later}"`, '"soon"', '1e400', 'null', 'true', '{}', `[${later}]`]);
    }),
  broken: {
    algorithm: 'HS256',
    mistake: (_careful, world) => ({
      read: (token) => readToken(token, { world, algorithm: 'HS256', without: ['notBefore', 'spelling'] }),
    }),
  },
};

/** The claim as these very texts: JSON has numbers that JavaScript cannot write. */
function textsOf({ payload }: OpenedToken, name: string, values: readonly string[]): Crafted[] {
  const text = JSON.stringify({ ...payload, [name]: 'HERE' });
  return values.map((value) => ({ payload: text.replace('"HERE"', value), what: `with ${name} ${shown(value)}` }));
}

/** A time of this moment would make each evidence another. */
function shown(value: string): string {
  return value.replaceAll(/\d{10}/g, '<time>');
}

export const craftedTimes: readonly CataloguedAttack[] = [expiry, notBefore];
