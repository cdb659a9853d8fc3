/** The life of signing keys, told as stories. */

import { describe, expect, test } from 'vitest';
import { storiesOf } from '../kernel/decider.contract.ts';
import { fold } from '../kernel/decider.ts';
import { seededFraction } from '../kernel/random.ts';
import {
  isSigningKeyEvent,
  type RetireOld,
  type SigningKeyActivated,
  type SigningKeyAdded,
  type SigningKeyEvent,
  type SigningKeyRetired,
} from './signing-key-events.ts';
import { nextDueMillis, type SigningKeyCommand, type SigningKeysState, signingKeys } from './signing-keys.ts';

const { given } = storiesOf(signingKeys);
const delay = 10;
const expiry = 1_000;

const key = (kid: string, algorithm = 'es256') => ({ kid, algorithm, sealedKey: `sealed ${kid}` });
const provide = (kid: string, atMillis: number): SigningKeyCommand => ({
  type: 'ProvideSigningKey',
  atMillis,
  key: key(kid),
});
const add = (kid: string, atMillis: number, algorithm?: string): SigningKeyCommand => ({
  type: 'AddSigningKey',
  atMillis,
  key: key(kid, algorithm),
  activateAtMillis: atMillis + delay,
});
const rotate = (kid: string, atMillis: number, retireOld: RetireOld = 'when-expired'): SigningKeyCommand => ({
  type: 'RotateSigningKey',
  atMillis,
  key: key(kid),
  activateAtMillis: atMillis + delay,
  retireOld,
});
const advance = (atMillis: number): SigningKeyCommand => ({
  type: 'AdvanceSigningKeys',
  atMillis,
  retirementDelayMillis: expiry,
});

const added = (
  kid: string,
  atMillis: number,
  activateAtMillis: number,
  retireOld: RetireOld = 'when-expired',
  algorithm = 'es256',
): SigningKeyAdded => ({
  type: 'SigningKeyAdded',
  atMillis,
  ...key(kid, algorithm),
  activateAtMillis,
  retireOld,
});
const activated = (
  kid: string,
  atMillis: number,
  superseded?: SigningKeyActivated['superseded'],
  algorithm = 'es256',
): SigningKeyActivated => ({
  type: 'SigningKeyActivated',
  atMillis,
  kid,
  algorithm,
  ...(superseded === undefined ? {} : { superseded }),
});
const retired = (kid: string, atMillis: number): SigningKeyRetired => ({
  type: 'SigningKeyRetired',
  atMillis,
  kid,
  algorithm: 'es256',
});
const signs = (kid: string, activateAtMillis = 0) => ({ type: 'signs', kid, activateAtMillis }) as const;
const advanced = { type: 'advanced' } as const;

/** K1 signs since 0. */
const first: readonly SigningKeyEvent[] = [added('k1', 0, 0), activated('k1', 0)];
/** K2 signs since 20, K1 is accepted until 1020. */
const rotated: readonly SigningKeyEvent[] = [
  ...first,
  added('k2', 10, 20),
  activated('k2', 20, { kid: 'k1', retireAtMillis: 1_020 }),
];

describe('the first key of an algorithm', () => {
  test.each([provide('k1', 0), add('k1', 0), rotate('k1', 0, 'at-activation')])('signs at once: $type', (command) => {
    const { decision } = given().when(command);
    expect(decision.outcome).toEqual(signs('k1'));
    expect(decision.events).toEqual([{ ...first[0], retireOld: expect.any(String) }, first[1]]);
  });
  test('of another algorithm too', () =>
    given(...first)
      .when(add('r1', 5, 'rs256'))
      .then(signs('r1', 5), added('r1', 5, 5, 'when-expired', 'rs256'), activated('r1', 5, undefined, 'rs256')));
  test('of two that are provided at once serves for both', () =>
    given(...first)
      .when(provide('k2', 1))
      .then(signs('k1')));
});

describe('a key that is given', () => {
  test('waits beside the one that signs', () =>
    given(...first)
      .when(add('k2', 10))
      .then(signs('k2', 20), added('k2', 10, 20)));
  test('that is known changes nothing', () => {
    given(...first)
      .when(add('k1', 50))
      .then(signs('k1'));
    given(...first, added('k2', 10, 20))
      .when(add('k2', 15))
      .then(signs('k2', 20));
  });
  test('that was superseded or retired does not come back', () => {
    given(...rotated)
      .when(add('k1', 50))
      .then({ type: 'over', kid: 'k1', phase: 'superseded' });
    given(...rotated, retired('k1', 1_020))
      .when(add('k1', 2_000))
      .then({ type: 'over', kid: 'k1', phase: 'retired' });
  });
});

describe('a rotation', () => {
  test('publishes the new key first', () =>
    given(...first)
      .when(rotate('k2', 10))
      .then(signs('k2', 20), added('k2', 10, 20)));
  test('while one is under way is the same', () =>
    given(...first, added('k2', 10, 20))
      .when(rotate('k3', 12))
      .then(signs('k2', 20)));
  test('in an emergency does not wait for one that spares the old keys', () =>
    given(...first, added('k2', 10, 20))
      .when(rotate('k3', 12, 'at-activation'))
      .then(signs('k3', 22), added('k3', 12, 22, 'at-activation')));
  test('in an emergency is once', () =>
    given(...first, added('k2', 10, 20, 'at-activation'))
      .when(rotate('k3', 12, 'at-activation'))
      .then(signs('k2', 20)));
  test('after an emergency that is under way is that one', () =>
    given(...first, added('k2', 10, 20, 'at-activation'))
      .when(rotate('k3', 12))
      .then(signs('k2', 20)));
});

describe('what is due', () => {
  test('nothing before its time', () =>
    given(...first, added('k2', 10, 20))
      .when(advance(19))
      .then(advanced));
  test('the new key signs, the old one is accepted until its last token has expired', () =>
    given(...first, added('k2', 10, 20))
      .when(advance(20))
      .then(advanced, activated('k2', 20, { kid: 'k1', retireAtMillis: 1_020 })));
  test('then it is retired', () => {
    given(...rotated)
      .when(advance(1_019))
      .then(advanced);
    given(...rotated)
      .when(advance(1_020))
      .then(advanced, retired('k1', 1_020));
  });
  test('once', () =>
    given(...rotated, retired('k1', 1_020))
      .when(advance(5_000))
      .then(advanced));
  test('in an emergency every older key is retired with the activation, also the published', () =>
    given(...rotated, added('k3', 30, 200), added('k4', 40, 50, 'at-activation'), added('k5', 45, 500))
      .when(advance(50))
      .then(
        advanced,
        activated('k4', 50, { kid: 'k2', retireAtMillis: 50 }),
        retired('k1', 50),
        retired('k2', 50),
        retired('k3', 50),
      ));
  test('all of it, once, after every node was away', () =>
    given(...rotated, added('k4', 40, 60, 'at-activation'), added('k3', 45, 50))
      .when(advance(2_000))
      .then(
        advanced,
        activated('k3', 2_000, { kid: 'k2', retireAtMillis: 3_000 }),
        activated('k4', 2_000, { kid: 'k3', retireAtMillis: 2_000 }),
        retired('k1', 2_000),
        retired('k2', 2_000),
        retired('k3', 2_000),
      ));
  test('tells when to look again', () => {
    const due = (...events: readonly SigningKeyEvent[]) =>
      nextDueMillis(fold(signingKeys.evolve, signingKeys.initial, events));
    expect([due(), due(...first), due(...first, added('k2', 10, 20)), due(...rotated)]).toEqual([
      null,
      null,
      20,
      1_020,
    ]);
  });
});

/** I16: whatever is commanded in whatever order, a key's life goes one way and one key of an algorithm signs. */
test.each(Array.from({ length: 15 }, (_, seed) => seed))('any story keeps the rules: seed %i', (seed) => {
  const fraction = seededFraction(seed);
  const kinds = [provide, add, rotate, (kid: string, at: number) => rotate(kid, at, 'at-activation')] as const;
  let state: SigningKeysState = signingKeys.initial;
  const phases = ['published', 'active', 'superseded', 'retired'];
  const reached = new Map<string, number>();
  for (let at = 0; at < 6_000; at += Math.ceil(fraction() * 60)) {
    const command =
      fraction() < 0.5 ? advance(at) : kinds[Math.floor(fraction() * 4)]?.(`k${Math.floor(fraction() * 60)}`, at);
    const { events } = signingKeys.decide(command ?? advance(at), state);
    for (const event of events) {
      expect(isSigningKeyEvent(JSON.parse(JSON.stringify(event)))).toBe(true);
      state = signingKeys.evolve(state, event);
      const active = state.keys.filter(({ phase }) => phase === 'active');
      if (event.type !== 'SigningKeyAdded') expect(active).toHaveLength(1);
    }
    const now = [...state.keys, ...state.retiredKids.map((kid) => ({ kid, phase: 'retired' }))];
    expect(new Set(now.map(({ kid }) => kid)).size).toBe(now.length);
    for (const { kid, phase } of now) {
      expect(phases.indexOf(phase)).toBeGreaterThanOrEqual(reached.get(kid) ?? 0);
      reached.set(kid, phases.indexOf(phase));
    }
    const again = signingKeys.decide(
      advance(at),
      fold(signingKeys.evolve, state, signingKeys.decide(advance(at), state).events),
    );
    expect(again.events).toEqual([]);
  }
  expect(state.retiredKids.length).toBeGreaterThan(3);
});

test('events that lack a part are not understood', () => {
  const whole = rotated.at(-1) as SigningKeyActivated;
  const damaged: readonly { readonly type: string }[] = [
    { ...whole, type: 'SigningKeyEaten' },
    { type: 'SigningKeyRetired' },
    { ...whole, superseded: { kid: 'k1', retireAtMillis: 'soon' } as never },
    { ...whole, superseded: null as never },
    { ...added('k1', 0, 0), sealedKey: 7 as never },
    { ...added('k1', 0, 0), retireOld: 'never' as never },
    { ...added('k1', 0, Number.NaN) },
  ];
  for (const event of damaged) expect(isSigningKeyEvent(event), JSON.stringify(event)).toBe(false);
});
