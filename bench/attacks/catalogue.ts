/** Every attack there is. One more is a file that exports it with the server it must get through, and a line here. */

import type { AttackGroup, MistakeName } from '../record/attack-events.ts';
import { algorithmConfusion } from './algorithm-confusion.ts';
import { algorithmListTooWide } from './algorithm-list-too-wide.ts';
import type { Attack, CataloguedAttack } from './attack.ts';
import { brokenVariants } from './broken/variants.ts';
import { foreignScripts } from './browser/foreign-script.ts';
import { cookieAttributes } from './cookies/cookie-attributes.ts';
import { cookieContents } from './cookies/cookie-contents.ts';
import { plantedCookies } from './cookies/cookie-tossing.ts';
import { crossSite } from './cookies/cross-site.ts';
import { guessableSecret } from './keys/guessable-secret.ts';
import { publishedKeys } from './keys/published-keys.ts';
import { retiredKey } from './keys/retired-key.ts';
import { bodies } from './login/bodies.ts';
import { enumerations } from './login/enumeration.ts';
import { guesses } from './login/guessing.ts';
import { noExpiry } from './no-expiry.ts';
import { noRevocation } from './no-revocation.ts';
import { noRotation } from './no-rotation.ts';
import { endedRefreshes } from './refresh/ended-refresh.ts';
import { refreshRace } from './refresh/refresh-race.ts';
import { swappedFamily } from './refresh/swapped-family.ts';
import { sensitivePayload } from './sensitive-payload.ts';
import { anotherRealm } from './tokens/another-realm.ts';
import { broughtKeys } from './tokens/brought-key.ts';
import { changedTokens } from './tokens/changed-token.ts';
import { costlyToken } from './tokens/costly-token.ts';
import { craftedClaims } from './tokens/crafted-claims.ts';
import { craftedHeaders } from './tokens/crafted-headers.ts';
import { craftedTimes } from './tokens/crafted-times.ts';
import { keyNames } from './tokens/key-names.ts';
import { otherPlaces } from './tokens/other-places.ts';
import { psychicSignature } from './tokens/psychic-signature.ts';
import { algorithmNames } from './tokens/renamed-algorithm.ts';
import { respelledToken } from './tokens/respelled-token.ts';

/** The attack by which each classic mistake shows. */
export const attacksOnMistakes: Readonly<Record<MistakeName, Attack>> = {
  'no-expiry': noExpiry,
  'algorithm-confusion': algorithmConfusion,
  'algorithm-list-too-wide': algorithmListTooWide,
  'sensitive-payload': sensitivePayload,
  'no-revocation': noRevocation,
  'no-rotation': noRotation,
};

/** By group, in the order in which they are tried. */
export const attacks: readonly CataloguedAttack[] = [
  mistake('algorithm-list-too-wide', 'tokens', 'algorithm none'),
  mistake('algorithm-confusion', 'tokens', 'public key as secret'),
  ...algorithmNames,
  ...changedTokens,
  psychicSignature,
  ...keyNames,
  ...broughtKeys,
  ...craftedHeaders,
  ...craftedClaims,
  ...craftedTimes,
  mistake('no-expiry', 'tokens', 'token after its time'),
  anotherRealm,
  ...otherPlaces,
  respelledToken,
  mistake('sensitive-payload', 'tokens', 'secrets in the credential'),
  costlyToken,
  ...cookieAttributes,
  ...cookieContents,
  ...plantedCookies,
  ...crossSite,
  guessableSecret,
  publishedKeys,
  retiredKey,
  mistake('no-rotation', 'refresh', 'refresh token used twice'),
  refreshRace,
  mistake('no-revocation', 'refresh', 'credentials after the logout'),
  ...endedRefreshes,
  swappedFamily,
  ...enumerations,
  ...guesses,
  ...bodies,
  ...foreignScripts,
];

function mistake(name: MistakeName, group: AttackGroup, title: string): CataloguedAttack {
  return { ...attacksOnMistakes[name], group, title, broken: brokenVariants[name] };
}
