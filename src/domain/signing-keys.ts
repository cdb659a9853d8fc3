/** The life of signing keys: published, active, superseded, retired. One stream holds all of a realm. Pure. */

import { type Decider, type Decision, fold } from '../kernel/decider.ts';
import type { RetireOld, SigningKeyAdded, SigningKeyEvent } from './signing-key-events.ts';

/** A key that is accepted. Retired ones are known by their names alone. */
export type SigningKey = {
  readonly kid: string;
  readonly algorithm: string;
  readonly sealedKey: string;
} & (
  | { readonly phase: 'published'; readonly activateAtMillis: number; readonly retireOld: RetireOld }
  /** At most one of each algorithm. */
  | { readonly phase: 'active' }
  | { readonly phase: 'superseded'; readonly retireAtMillis: number }
);

export interface SigningKeysState {
  /** In the order in which they became known. */
  readonly keys: readonly SigningKey[];
  /** Never forgotten: a key that was retired must not come back because some node's configuration still names it. */
  readonly retiredKids: readonly string[];
}

export interface NewSigningKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly sealedKey: string;
}

/** Some key must sign: this one, unless there is another. */
export interface ProvideSigningKey {
  readonly type: 'ProvideSigningKey';
  readonly atMillis: number;
  readonly key: NewSigningKey;
}

/** This very key shall sign: at once where none does, else from `activateAtMillis` on. Known already: nothing happens. */
export interface AddSigningKey {
  readonly type: 'AddSigningKey';
  readonly atMillis: number;
  readonly key: NewSigningKey;
  readonly activateAtMillis: number;
}

/** Another key than now shall sign: this one, unless a rotation is under way that does what is asked. */
export interface RotateSigningKey {
  readonly type: 'RotateSigningKey';
  readonly atMillis: number;
  readonly key: NewSigningKey;
  readonly activateAtMillis: number;
  readonly retireOld: RetireOld;
}

/** Whatever is due happens. */
export interface AdvanceSigningKeys {
  readonly type: 'AdvanceSigningKeys';
  readonly atMillis: number;
  /** From the moment a key stops signing until the last token it signed has expired everywhere. */
  readonly retirementDelayMillis: number;
}

export type SigningKeyCommand = ProvideSigningKey | AddSigningKey | RotateSigningKey | AdvanceSigningKeys;

export type SigningKeysOutcome =
  /** The key, or the one that serves in its place, and from when on it signs; 0 where it did before. */
  | { readonly type: 'signs'; readonly kid: string; readonly activateAtMillis: number }
  /** The key was known and signs no more; it may still be accepted, or not. */
  | { readonly type: 'over'; readonly kid: string; readonly phase: 'superseded' | 'retired' }
  | { readonly type: 'advanced' };

type SigningKeyDecision = Decision<SigningKeyEvent, SigningKeysOutcome>;

export const signingKeys: Decider<SigningKeyCommand, SigningKeyEvent, SigningKeysState, SigningKeysOutcome> = {
  initial: { keys: [], retiredKids: [] },
  decide,
  evolve,
};

/** The key that signs, or undefined. */
export function activeKey(state: SigningKeysState, algorithm: string): SigningKey | undefined {
  return state.keys.find((key) => key.algorithm === algorithm && key.phase === 'active');
}

/** The published key of a rotation that retires the old keys as asked; at activation also means when they have expired. */
export function stagedKey(state: SigningKeysState, algorithm: string, retireOld: RetireOld) {
  return publishedOf(state).find(
    (key) => key.algorithm === algorithm && (retireOld === 'when-expired' || key.retireOld === retireOld),
  );
}

/** When something will have to happen next; null when nothing will. */
export function nextDueMillis(state: SigningKeysState): number | null {
  const dues = state.keys.flatMap((key) => {
    if (key.phase === 'active') return [];
    return [key.phase === 'published' ? key.activateAtMillis : key.retireAtMillis];
  });
  return dues.length === 0 ? null : Math.min(...dues);
}

function decide(command: SigningKeyCommand, state: SigningKeysState): SigningKeyDecision {
  switch (command.type) {
    case 'ProvideSigningKey': {
      const { atMillis, key } = command;
      return addUnless(activeKey(state, key.algorithm), state, { atMillis, key, activateAtMillis: atMillis });
    }
    case 'AddSigningKey': {
      const { kid } = command.key;
      if (state.retiredKids.includes(kid)) return nothing({ type: 'over', kid, phase: 'retired' });
      const known = state.keys.find((key) => key.kid === kid);
      if (known?.phase === 'superseded') return nothing({ type: 'over', kid, phase: 'superseded' });
      return addUnless(known, state, command);
    }
    case 'RotateSigningKey':
      return addUnless(stagedKey(state, command.key.algorithm, command.retireOld), state, command);
    case 'AdvanceSigningKeys': {
      const activated = activations(command, state);
      const retired = retirements(command, fold(evolve, state, activated));
      return { events: [...activated, ...retired], outcome: { type: 'advanced' } };
    }
  }
}

interface Addition {
  readonly atMillis: number;
  readonly key: NewSigningKey;
  readonly activateAtMillis: number;
  readonly retireOld?: RetireOld;
}

function addUnless(present: SigningKey | undefined, state: SigningKeysState, addition: Addition): SigningKeyDecision {
  if (present !== undefined) {
    const activateAtMillis = present.phase === 'published' ? present.activateAtMillis : 0;
    return nothing({ type: 'signs', kid: present.kid, activateAtMillis });
  }
  const { atMillis, key, activateAtMillis, retireOld = 'when-expired' } = addition;
  const { kid, algorithm, sealedKey } = key;
  const added: SigningKeyAdded = {
    type: 'SigningKeyAdded',
    atMillis,
    kid,
    algorithm,
    sealedKey,
    activateAtMillis,
    retireOld,
  };
  if (activeKey(state, algorithm) !== undefined) {
    return { events: [added], outcome: { type: 'signs', kid, activateAtMillis } };
  }
  // Nobody signs yet, so nobody can be surprised by a key they do not know.
  const atOnce: SigningKeyAdded = { ...added, activateAtMillis: atMillis };
  const events: SigningKeyEvent[] = [atOnce, { type: 'SigningKeyActivated', atMillis, kid, algorithm }];
  return { events, outcome: { type: 'signs', kid, activateAtMillis: atMillis } };
}

function nothing(outcome: SigningKeysOutcome): SigningKeyDecision {
  return { events: [], outcome };
}

/** Due keys sign in the order of their due times, also when several have become due while every node was away. */
function activations(
  { atMillis, retirementDelayMillis }: AdvanceSigningKeys,
  state: SigningKeysState,
): readonly SigningKeyEvent[] {
  const due = publishedOf(state)
    .filter(({ activateAtMillis }) => activateAtMillis <= atMillis)
    .toSorted((left, right) => left.activateAtMillis - right.activateAtMillis);
  const events: SigningKeyEvent[] = [];
  for (const { kid, algorithm, retireOld } of due) {
    const now = fold(evolve, state, events);
    // One that came later may have retired it.
    if (!now.keys.some((key) => key.kid === kid)) continue;
    const superseded = activeKey(now, algorithm);
    const isEmergency = retireOld === 'at-activation';
    const retireAtMillis = isEmergency ? atMillis : atMillis + retirementDelayMillis;
    events.push({
      type: 'SigningKeyActivated',
      atMillis,
      kid,
      algorithm,
      ...(superseded === undefined ? {} : { superseded: { kid: superseded.kid, retireAtMillis } }),
    });
    if (!isEmergency) continue;
    const ofAlgorithm = now.keys.filter((key) => key.algorithm === algorithm);
    const before = ofAlgorithm.slice(
      0,
      ofAlgorithm.findIndex((key) => key.kid === kid),
    );
    for (const old of before) events.push({ type: 'SigningKeyRetired', atMillis, kid: old.kid, algorithm });
  }
  return events;
}

function retirements({ atMillis }: AdvanceSigningKeys, { keys }: SigningKeysState): SigningKeyEvent[] {
  return keys
    .filter((key) => key.phase === 'superseded' && key.retireAtMillis <= atMillis)
    .map(({ kid, algorithm }) => ({ type: 'SigningKeyRetired', atMillis, kid, algorithm }));
}

function publishedOf({ keys }: SigningKeysState) {
  return keys.filter((key) => key.phase === 'published');
}

function evolve(state: SigningKeysState, event: SigningKeyEvent): SigningKeysState {
  const { keys, retiredKids } = state;
  const { kid, algorithm } = event;
  switch (event.type) {
    case 'SigningKeyAdded': {
      if (keys.some((key) => key.kid === kid) || retiredKids.includes(kid)) return state;
      const { sealedKey, activateAtMillis, retireOld } = event;
      return {
        ...state,
        keys: [...keys, { kid, algorithm, sealedKey, phase: 'published', activateAtMillis, retireOld }],
      };
    }
    case 'SigningKeyActivated':
      return { ...state, keys: keys.map((key) => afterActivation(key, event)) };
    case 'SigningKeyRetired':
      return {
        keys: keys.filter((key) => key.kid !== kid),
        retiredKids: retiredKids.includes(kid) ? retiredKids : [...retiredKids, kid],
      };
  }
}

function afterActivation(key: SigningKey, event: SigningKeyEvent & { type: 'SigningKeyActivated' }): SigningKey {
  const { kid, algorithm, sealedKey } = key;
  if (kid === event.kid) return { kid, algorithm, sealedKey, phase: 'active' };
  if (kid !== event.superseded?.kid) return key;
  return { kid, algorithm, sealedKey, phase: 'superseded', retireAtMillis: event.superseded.retireAtMillis };
}
