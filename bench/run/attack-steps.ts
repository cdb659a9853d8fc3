/** The steps that attack: every attack of a group on the server that is broken for it and on every strategy. */

import { systemClock } from '../../src/kernel/clock.ts';
import { AuthlabError, isAuthlabError } from '../../src/kernel/errors.ts';
import { systemRandomBytes } from '../../src/kernel/random.ts';
import { traitsOf } from '../../src/strategies/registry.ts';
import type { AttackResult, AttackTarget, CataloguedAttack } from '../attacks/attack.ts';
import { createWorldKeys, signerOf } from '../attacks/broken/keys.ts';
import { startBrokenVariants } from '../attacks/broken/start.ts';
import { brokenName, elsewhereName, variantContestant } from '../attacks/broken/variants.ts';
import { attacks } from '../attacks/catalogue.ts';
import { tryAttack } from '../attacks/try-attack.ts';
import type { AttackTried, NotApplicable } from '../record/attack-events.ts';
import type { AttackAction } from '../scenario/plan-attacks.ts';
import { boundMillisOf } from '../workload/contestant.ts';
import { type Grounds, openGrounds } from './attack-grounds.ts';
import type { Lab } from './lab.ts';
import type { Stage } from './stage.ts';

/** Records what came of each attack as soon as it is known. Throws ERR_INTERRUPTED, and what starting a server throws. */
export async function tryAttacks(lab: Lab, stage: Stage, { group }: AttackAction): Promise<void> {
  const keys = await createWorldKeys(systemRandomBytes);
  const { supervisor } = lab.environment;
  const lifetimeSeconds = lifetimeSecondsOf(lab);
  const broken = await startBrokenVariants(supervisor, lifetimeSeconds, keys);
  const grounds = openGrounds(lab, stage, group, lifetimeSeconds);
  try {
    for (const attack of attacks.filter((one) => one.group === group)) {
      lab.progress.step(attack.name);
      const hindrance = (await attack.hindrance?.()) ?? null;
      const proof: Targeted = {
        contestant: brokenName(attack.name),
        variant: 'broken',
        target: brokenTarget(attack, broken.baseUrl, lifetimeSeconds, signerOf(keys, attack.broken)),
      };
      const strategies = await Promise.all(lab.scenario.strategies.map((name) => targetOf(lab, grounds, attack, name)));
      const all = [proof, ...strategies];
      await tryOn(lab, grounds, attack, hindrance === null ? all : all.map((one) => hinderedBy(hindrance, one)));
    }
  } finally {
    await broken.child.stop();
    await stage.stop('attack', 'attack-elsewhere', 'attack-people');
  }
}

interface Targeted {
  readonly contestant: string;
  readonly variant: AttackTried['variant'];
  /** Or why there is none. */
  readonly target: AttackTarget | NotApplicable;
}

function hinderedBy(reason: string, targeted: Targeted): Targeted {
  return { ...targeted, target: { kind: 'not-applicable', reason } };
}

/** On all of them at the same time, unless they would disturb each other. */
async function tryOn(
  lab: Lab,
  grounds: Grounds,
  attack: CataloguedAttack,
  targets: readonly Targeted[],
): Promise<void> {
  const once = async ({ contestant, variant, target }: Targeted) => {
    const { name, group, title, deed, question, source } = attack;
    const told = { attack: name, group, title, deed, question, source, variant, contestant };
    if ('kind' in target) return { ...told, outcome: target, evidence: '' };
    return { ...told, ...(await resultOf(lab, grounds, attack, target)) };
  };
  const record = (event: Awaited<ReturnType<typeof once>>) => lab.record({ type: 'AttackTried', ...event });
  if (attack.alone) for (const one of targets) record(await once(one));
  else for (const event of await Promise.all(targets.map(once))) record(event);
}

/** A server that does not answer any more has judged nothing. */
async function resultOf(
  lab: Lab,
  grounds: Grounds,
  attack: CataloguedAttack,
  target: AttackTarget,
): Promise<AttackResult> {
  try {
    return await tryAttack(attack, target, {
      clock: systemClock,
      ...grounds.strangers(attack.ground),
      signal: lab.signal,
    });
  } catch (error) {
    if (!isAuthlabError(error, 'ERR_PART_CRASHED') || lab.signal.aborted) throw error;
    return { outcome: { kind: 'unproven' }, evidence: error.message.replace(/\.$/, '') };
  }
}

async function targetOf(lab: Lab, grounds: Grounds, attack: CataloguedAttack, name: string): Promise<Targeted> {
  const traits = traitsOf(name);
  const reason = attack.inapplicable(traits);
  const aside = { contestant: name, variant: 'right' } as const;
  if (reason !== null) return { ...aside, target: { kind: 'not-applicable', reason } };
  const { stalenessLimitMillis } = lab.scenario;
  // What rotates keys does so elsewhere, so that the lab goes on knowing those it signs with.
  const place = attack.alone ? 'elsewhere' : attack.ground === 'people' ? 'people' : 'here';
  const target: AttackTarget = {
    contestant: await grounds.contestant(name, place),
    elsewhere: place === 'here' ? await grounds.contestant(name, 'elsewhere') : null,
    signer: place === 'here' ? grounds.signerOf(traits.signature?.algorithm) : null,
    accessTokenLifetimeMillis: 1_000 * lifetimeSecondsOf(lab),
    leewayMillis: grounds.leewayMillis,
    boundMillis: boundMillisOf(traits, stalenessLimitMillis),
    keyBoundMillis: stalenessLimitMillis,
  };
  return { ...aside, target };
}

function brokenTarget(
  { name, broken }: CataloguedAttack,
  baseUrl: string,
  lifetimeSeconds: number,
  signer: AttackTarget['signer'],
): AttackTarget {
  return {
    contestant: variantContestant(brokenName(name), broken, baseUrl),
    elsewhere: variantContestant(elsewhereName(name), broken, baseUrl),
    signer,
    accessTokenLifetimeMillis: 1_000 * lifetimeSeconds,
    leewayMillis: 0,
    boundMillis: 0,
    keyBoundMillis: 0,
  };
}

function lifetimeSecondsOf({ scenario }: Lab): number {
  const seconds = scenario.attacks?.accessTokenLifetimeSeconds;
  if (seconds === undefined) throw new AuthlabError('ERR_INPUT_INVALID', 'The scenario asks for no attacks.');
  return seconds;
}
