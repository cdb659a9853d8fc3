import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { account } from '../../domain/account.ts';
import type { AccountState, SessionState } from '../../domain/account-state.ts';
import type { UserRecord } from '../../eventlog/port.ts';
import { readUserState, writeUserState } from './user-state.ts';

const recordWith = (state: string | null): UserRecord => ({ version: 1, state, operationId: 'o', birth: null });

/** Any text, as a role or a name may be. */
const text = fc.string({ unit: 'binary' });
const millis = fc.nat();
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

/** Without the members that are undefined: what is absent is absent. */
function present<Shape extends object>(shape: Shape): Shape {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as Shape;
}

const sessions = fc
  .record({
    strategy: text,
    roles: fc.array(text),
    revocation: fc.constantFrom('record', 'denylist', 'epoch', 'followed', 'followed-strict', 'none'),
    startedAtMillis: millis,
    expiresAtMillis: millis,
    acceptableUntilMillis: optional(millis),
    records: fc.array(
      fc.record({ digest: text, expiresAtMillis: millis, inactivityMillis: optional(millis) }).map(present),
    ),
    family: optional(
      fc
        .record({
          current: fc.record({ digest: text, expiresAtMillis: millis }),
          parent: optional(fc.record({ digest: text, replacedAtMillis: millis })),
        })
        .map(present),
    ),
  })
  .map((session) => present(session) as SessionState);

const states = fc
  .record({
    sessions: fc.dictionary(fc.stringMatching(/^\d\.[A-Za-z0-9_-]{22}$/), sessions),
    ended: fc.dictionary(fc.stringMatching(/^\d\.[A-Za-z0-9_-]{22}$/), millis),
    epoch: millis,
    disabled: fc.boolean(),
    roles: optional(fc.array(text)),
  })
  .map((state) => present(state) as AccountState);

describe('the state of a user in the log', () => {
  test('is read as it was written, whatever stands in it', () => {
    fc.assert(
      fc.property(states, (state) => {
        const written = writeUserState(state);
        const read = readUserState(recordWith(written));
        expect(read).toEqual(state);
        // What was absent is not there as undefined either.
        expect(JSON.stringify(Object.keys(read).sort())).toBe(JSON.stringify(Object.keys(state).sort()));
        expect(writeUserState(read)).toBe(written);
      }),
    );
  });

  test('is that of a new account where there is no record', () => {
    expect(readUserState(recordWith(null))).toEqual(account.initial);
  });

  test.each(['', '{', 'null', '{"sessions":{},"ended":{},"epoch":0,"disabled":false}', '[]', '[[[]],{},0,0,null]'])(
    'is refused as %s',
    (state) => {
      expect(() => readUserState(recordWith(state))).toThrow(expect.objectContaining({ code: 'ERR_LOG_CORRUPT' }));
    },
  );
});
