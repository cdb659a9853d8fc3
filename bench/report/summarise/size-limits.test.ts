/** Which limits the sizes of an invented run outgrow, and how the report says so. */

import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../record/reader.ts';
import type { RunEvent, SizeMeasured } from '../../record/run-events.ts';
import type { LoginRefused } from '../../record/size-events.ts';
import { exampleRun } from '../example-run.ts';
import { toMarkdown } from '../markdown.ts';
import { summarise } from '../summarise.ts';
import { sizeLimits, summariseSizeLimits } from './size-limits.ts';

const at = '2026-01-15T10:15:00.000Z';

function size(contestant: string, claims: string, bytes: Partial<SizeMeasured>): SizeMeasured {
  const small = {
    requestHeaderBytes: 100,
    authRequestHeaderBytes: 100,
    loginResponseBytes: 300,
    largestCookieBytes: 0,
  };
  return { type: 'SizeMeasured', at, contestant, claims, ...small, ...bytes };
}

const refusal: LoginRefused = {
  type: 'LoginRefused',
  at,
  contestant: 'cookie-session',
  claims: 'typical',
  status: 500,
};

function outgrownBy(limit: string, events: readonly RunEvent[]) {
  return summariseSizeLimits(events).limits.find(({ name }) => name === limit)?.outgrownBy;
}

describe('summariseSizeLimits', () => {
  it('compares each limit with the part that it is set to, at the byte', () => {
    const cookie = (bytes: number) => [size('cookie-session', '20 roles', { largestCookieBytes: bytes })];
    expect(outgrownBy('browsers', cookie(4_096))).toEqual([]);
    expect(outgrownBy('browsers', cookie(4_097))).toEqual([
      { contestant: 'cookie-session', claims: '20 roles', bytes: 4_097 },
    ]);
    // The line end is no part of a field.
    const header = (bytes: number) => [size('jwt-rs256', '200 permissions', { requestHeaderBytes: bytes })];
    expect(outgrownBy('nginx', header(8_194))).toEqual([]);
    expect(outgrownBy('nginx', header(8_195))?.[0]?.bytes).toBe(8_193);
    expect(outgrownBy('Apache httpd', header(8_193))).toHaveLength(1);
    expect(outgrownBy('Tomcat', header(8_193))).toHaveLength(1);
    expect(outgrownBy('Node', header(16_384))).toEqual([]);
    expect(outgrownBy('Node', [size('session', '1 role', { authRequestHeaderBytes: 16_385 })])).toHaveLength(1);
  });

  it('has a source for every limit, the smallest first', () => {
    expect(sizeLimits.every(({ source }) => source.length > 10)).toBe(true);
    const bytes = sizeLimits.map((limit) => limit.bytes);
    expect(bytes).toEqual(bytes.toSorted((left, right) => left - right));
  });

  it('names users who got no credential', () => {
    expect(summariseSizeLimits([refusal]).refusedLogins).toEqual([
      { contestant: 'cookie-session', claims: 'typical', status: 500 },
    ]);
  });
});

describe('the report', () => {
  const reportOf = (events: readonly RunEvent[]) =>
    summarise(parseRecord(events.map((event) => `${JSON.stringify(event)}\n`).join(''), 'events.ndjson'));

  it('says which limits are outgrown by whom, and where each is from', () => {
    const report = toMarkdown(reportOf(exampleRun()));
    expect(report).toMatch(/^\| browsers \| cookie \| 4,096 \| cookie-session, roles-200 \([\d,]+\) \| RFC 6265.*\|$/m);
    expect(report).toMatch(/^\| Node \| all headers \| 16,384 \| none \|/m);
    expect(report).not.toContain('the login was refused');
  });

  it('says who could not log in, in the answer and below the limits, and does not call it unreached', () => {
    const events = exampleRun().filter(
      (event) => event.type !== 'SizeMeasured' || event.contestant !== refusal.contestant,
    );
    const results = reportOf([...events.slice(0, 20), refusal, ...events.slice(20)]);
    const report = toMarkdown(results);
    expect(report).toContain("Some users can't be logged in at all");
    expect(report).toMatch(/the login was refused: cookie-session with typical \(status 500\)/);
    expect(report).not.toMatch(/^\| cookie-session \| not reached/m);
    const own = results.contestants.find(({ contestant }) => contestant === 'cookie-session');
    expect(own?.tokenSize).toMatchObject({ state: 'measured', value: [] });
  });

  it('has no limits where nothing was sized', () => {
    const [started, ...rest] = exampleRun().filter((event) => event.type !== 'SizeMeasured');
    if (started?.type !== 'RunStarted') throw new Error('the first event is no RunStarted');
    const { tokenSize: _tokenSize, ...scenario } = started.scenario;
    expect(toMarkdown(reportOf([{ ...started, scenario }, ...rest]))).not.toContain('### Limits');
  });
});
