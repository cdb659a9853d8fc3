/** What every line of the registry promises, on any log. Expectations follow from traits; no name is treated apart. */

import { describe } from 'vitest';
import { describeAdministration, describeNoAccounts } from './administration.contract.ts';
import { describeAttacks } from './attacks.contract.ts';
import { describePasswordChange } from './password-change.contract.ts';
import { describeRefresh } from './refresh.contract.ts';
import { strategyNames, traitsOf, variantNames } from './registry.ts';
import { describeRevocation } from './revocation.contract.ts';
import { describeSeparation } from './separation.contract.ts';
import { describeSessions } from './sessions.contract.ts';
import { describeSliding } from './sliding.contract.ts';
import type { OpenRealm } from './strategy-lab.contract.ts';
import { describeWholeSessions } from './whole-sessions.contract.ts';

/** Of every family that signs, with a library that answers at once and with one that does not. */
const cachedNames = variantNames().filter((name) => /-(hs256|ed25519)\+cache$/.test(name));

/** @param cached Those with a memory of verified tokens, which no log sees: one log is enough for them. */
export function describeStrategies(logName: string, openRealm: OpenRealm, cached = cachedNames): void {
  describe.each([...strategyNames(), ...cached])(`%s on ${logName}`, (name) => {
    const traits = traitsOf(name);
    describeSessions(openRealm, name);
    describeRevocation(openRealm, name);
    if (traits.refresh) describeRefresh(openRealm, name);
    if (traits.transport === 'cookie') describeSliding(openRealm, name);
    if (traits.bound !== 'unbounded') {
      describeAttacks(openRealm, name);
      describeWholeSessions(openRealm, name);
      describePasswordChange(openRealm, name);
      describeAdministration(openRealm, name);
    } else describeNoAccounts(openRealm, name);
  });
  describe(`all of them on ${logName}`, () => describeSeparation(openRealm));
}
