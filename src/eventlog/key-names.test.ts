import { describe, expect, test } from 'vitest';
import { KeyNames, partitionOfUser } from './key-names.ts';

describe('key names', () => {
  test('carry the hash tag of their partition and differ from each other', () => {
    const keys = new KeyNames('lab');
    const names = [
      keys.events(3),
      keys.meta(3),
      keys.revocations(3),
      keys.user(3, 'meta'),
      keys.record(3, { kind: 'session', id: 'meta' }),
      keys.record(3, { kind: 'denied', id: 'meta' }),
      keys.operation(3, 'meta'),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^[^{]*\{lab:3\}/.test(name))).toBe(true);
  });

  test('of what belongs to no log carry none', () => {
    const keys = new KeyNames('lab');
    expect([keys.loginFailures(), keys.failedLogins()]).toEqual([
      'authlab:login-failures:lab',
      'authlab:failed-logins:lab',
    ]);
  });

  test('keep their hash tag whatever a user is called', () => {
    expect(new KeyNames('lab').user(0, '}{other:1}')).toMatch(/^[^{}]*\{lab:0\}/);
  });

  test.each(['', 'a:b', 'a{b', 'a}b', 'a b', 'x'.repeat(65)])('refuse the realm %j', (realm) => {
    expect(() => new KeyNames(realm)).toThrow(expect.objectContaining({ code: 'ERR_INPUT_INVALID' }));
  });
});

test('the partition of a user never changes: records would be looked for elsewhere', () => {
  expect(['ada', 'bob', 'grace'].map((sub) => partitionOfUser(sub, 1_024))).toEqual([781, 984, 284]);
});
