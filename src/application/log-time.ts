/** Moments as people give them to the log: RFC 3339, or how long ago. */

const unitMillis: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const timeRemedy = 'must be a time like 2026-01-31T09:30:00Z, or how long ago: 90s, 10m, 2h, 7d';

/**
 * Milliseconds since the Unix epoch, or null for a text that is neither. RFC 3339 5.6: the offset is part of it, because
 * a time without one would be another moment on another machine.
 */
export function parseMoment(text: string, nowMillis: number): number | null {
  const ago = /^(\d{1,9})([smhd])$/.exec(text);
  if (ago !== null) return nowMillis - Number(ago[1]) * (unitMillis[ago[2] ?? ''] ?? 0);
  const date = /^(\d{4})-(\d\d)-(\d\d)[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/.exec(text);
  if (date === null) return null;
  const millis = Date.parse(text.replace(' ', 'T').toUpperCase());
  return Number.isNaN(millis) || !isDay(Number(date[1]), Number(date[2]), Number(date[3])) ? null : millis;
}

/** `Date.parse` takes the 31st of February for the 3rd of March. */
function isDay(year: number, month: number, day: number): boolean {
  return day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
