/** Moments as people write them. */

import { expect, it } from 'vitest';
import { parseMoment } from './log-time.ts';

const now = Date.UTC(2026, 0, 31, 12);

it.each([
  ['2026-01-31T09:30:00Z', Date.UTC(2026, 0, 31, 9, 30)],
  ['2026-01-31T09:30:00.250Z', Date.UTC(2026, 0, 31, 9, 30, 0, 250)],
  ['2026-01-31t09:30:00z', Date.UTC(2026, 0, 31, 9, 30)],
  ['2026-01-31 09:30:00+02:00', Date.UTC(2026, 0, 31, 7, 30)],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ['0s', now],
  ['90s', now - 90_000],
  ['10m', now - 600_000],
  ['2h', now - 7_200_000],
  ['7d', now - 604_800_000],
])('%s', (text, millis) => expect(parseMoment(text, now)).toBe(millis));

it.each([
  '',
  'yesterday',
  '10',
  '10 m',
  '-10m',
  '1.5h',
  '1769851800000',
  '2026-01-31',
  '2026-01-31T09:30:00',
  '2026-02-29T00:00:00Z',
  '2026-02-31T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-01T25:00:00Z',
  '2026-01-01T00:00:00Zx',
  '99999999999d',
])('refuses %j', (text) => expect(parseMoment(text, now)).toBeNull());
