import { describe, expect, it } from 'vitest';
import type { Answer } from './attack.ts';
import { outcomeOf } from './watch.ts';

const refusal: Answer = {
  status: 401,
  error: null,
  setCookies: [],
  headers: {},
  body: '',
  sentAtMillis: 9,
  receivedAtMillis: 9,
};
const promised = { shutAtMillis: 100, boundMillis: 20, byDesign: false };

describe('outcomeOf', () => {
  it('blocks what was refused, and was not accepted after the moment', () => {
    expect(outcomeOf({ lastAcceptedAtMillis: null, refusal }, promised)).toEqual({ kind: 'blocked' });
    expect(outcomeOf({ lastAcceptedAtMillis: 100, refusal }, promised)).toEqual({ kind: 'blocked' });
  });

  it('measures the window from the moment, and tells whether it ended', () => {
    const window = (millis: number, ended: boolean) => ({ kind: 'open', window: { millis, ended }, boundMillis: 20 });
    expect(outcomeOf({ lastAcceptedAtMillis: 103, refusal }, promised)).toEqual(window(3, true));
    expect(outcomeOf({ lastAcceptedAtMillis: 150, refusal: null }, promised)).toEqual(window(50, false));
  });

  it('calls design only what is within the bound', () => {
    const design = { ...promised, byDesign: true };
    expect(outcomeOf({ lastAcceptedAtMillis: 120, refusal }, design)).toEqual({
      kind: 'open-by-design',
      window: { millis: 20, ended: true },
    });
    expect(outcomeOf({ lastAcceptedAtMillis: 121, refusal }, design)).toMatchObject({ kind: 'open' });
  });

  it('proves nothing where nobody said no', () => {
    expect(outcomeOf({ lastAcceptedAtMillis: null, refusal: null }, promised)).toEqual({ kind: 'unproven' });
    expect(outcomeOf({ lastAcceptedAtMillis: 90, refusal: null }, promised)).toEqual({ kind: 'unproven' });
  });
});
