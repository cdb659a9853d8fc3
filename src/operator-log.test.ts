/** What a running server says: as objects, as text, and never with a credential. */

import { describe, expect, it } from 'vitest';
import { AuthlabError } from './kernel/errors.ts';
import {
  createOperatorLog,
  describeError,
  type LogLevel,
  type ProgramLog,
  withoutCredentials,
} from './operator-log.ts';

function logTo(lines: string[], level: LogLevel = 'info', readable = false): ProgramLog {
  return createOperatorLog({ level, readable, write: (text) => void lines.push(text) });
}

function objectsOf(lines: readonly string[]): Record<string, unknown>[] {
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const handle = `3.${'aB3_'.repeat(10)}xyz`;

describe('a log of objects', () => {
  it('says when, how grave and what, one object a line', () => {
    const lines: string[] = [];
    const log = logTo(lines);
    log.info('listening', { port: 1 });
    log.security({ event: 'RefreshTokenReuseDetected', sub: 'ada\r\n{"level":"fatal"}', sid: '0.x' });
    log.security({ event: 'UserDisabled', sub: 'ada' });
    log.diagnostic({ type: 'contact-lost', part: 'beats', code: 'ERR_LOG_UNAVAILABLE' });
    log.diagnostic({ type: 'rebuild-started', partition: 0, cause: 'start' });
    log.diagnostic({ type: 'rebuild-started', partition: 0, cause: 'gap' });
    log.diagnostic({ type: 'poisoned', partition: 'realm', entryId: '1-0', eventType: 'x' });
    expect(lines.every((line) => line.endsWith('\n') && !line.slice(0, -1).includes('\n'))).toBe(true);
    const objects = objectsOf(lines);
    expect(objects.map(({ level, event }) => [level, event])).toEqual([
      ['info', undefined],
      ['warn', 'RefreshTokenReuseDetected'],
      ['info', 'UserDisabled'],
      ['warn', 'contact-lost'],
      ['info', 'rebuild-started'],
      ['warn', 'rebuild-started'],
      ['error', 'poisoned'],
    ]);
    expect(objects[0]).toMatchObject({
      msg: 'listening',
      port: 1,
      pid: process.pid,
      time: expect.stringMatching(/Z$/),
    });
  });

  it('is as loud as it was told to be', () => {
    const said = (level: LogLevel) => {
      const lines: string[] = [];
      const log = logTo(lines, level);
      log.info('a');
      log.warn('b');
      log.fault(new Error('c'));
      return lines.length;
    };
    expect([said('debug'), said('info'), said('warn'), said('error'), said('silent')]).toEqual([3, 3, 2, 1, 0]);
  });

  it('censors members that are called like secrets', () => {
    const lines: string[] = [];
    logTo(lines).info('x', {
      password: 'hunter2',
      nested: { cookie: 'hunter2', headers: { a: 'hunter2' } },
      digest: 'hunter2',
    });
    expect(lines.join('')).not.toContain('hunter2');
  });
});

it('is text for people, who see no control characters', () => {
  const lines: string[] = [];
  const log = logTo(lines, 'info', true);
  log.security({ event: 'UserRolesChanged', sub: 'ada\u001b[2J\n', roles: ['a b'] });
  log.fault(new Error('broken\u001b[2J'));
  expect(lines[0]).toMatch(
    /^\d\d:\d\d:\d\d info security event=UserRolesChanged sub="ada\\u001b\[2J\\n" roles=\["a b"\]\n$/,
  );
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d error fault error=Error: broken\?\[2J\n {4}at /);
});

describe('an error', () => {
  it('is told by name, code, message and stack, and so are its causes', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const error = new AuthlabError('ERR_LOG_UNAVAILABLE', 'no answer', { cause });
    expect(describeError(error)).toEqual({
      name: 'AuthlabError',
      code: 'ERR_LOG_UNAVAILABLE',
      message: 'no answer',
      stack: expect.stringContaining('operator-log.test.ts'),
      cause: { name: 'Error', code: 'ECONNREFUSED', message: 'refused', stack: expect.any(String) },
    });
  });

  it('brings nothing along that a library hung on it', () => {
    const hung = {
      headers: { authorization: 'hunter2' },
      body: 'hunter2',
      command: { args: ['hunter2'] },
      status: 500,
    };
    const lines: string[] = [];
    logTo(lines).fault(Object.assign(new Error('broken'), hung));
    logTo(lines).fault({ message: 'hunter2' });
    logTo(lines).fault('hunter2');
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain('hunter2');
  });

  it('is no fault of the server where a client broke off or sent nonsense', () => {
    const lines: string[] = [];
    const rawPacket = Buffer.from('authorization: hunter2');
    const broken = Object.assign(new Error('Parse Error'), { code: 'HPE_INVALID_METHOD', rawPacket });
    logTo(lines).fault(broken);
    expect(lines).toEqual([]);
    logTo(lines, 'debug').fault(broken);
    expect(objectsOf(lines)).toMatchObject([{ level: 'debug', msg: 'client', error: { code: 'HPE_INVALID_METHOD' } }]);
    expect(lines.join('')).not.toContain('rawPacket');
  });

  it('ends where causes go round', () => {
    const error = new Error('a');
    error.cause = error;
    expect(JSON.stringify(describeError(error)).match(/"message"/g)).toHaveLength(4);
  });
});

it.each([
  ['a token', 'bad eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2ln here', 'bad [redacted] here'],
  ['half a token', 'x eyJhbGciOiJIUzI1NiJ9.', 'x [redacted]'],
  ['a header', 'authorization: Bearer abc, then', 'authorization: Bearer [redacted] then'],
  ['a cookie', '__Host-session=abc; __Secure-refresh=d.e', '__Host-session=[redacted]; __Secure-refresh=[redacted]'],
  ['a URL', 'redis://user:pass@host:1/0', 'redis://[redacted]@host:1/0'],
  ['a handle', `no ${handle}!`, 'no 3.[redacted]!'],
  ['a digest', `no ${'0a'.repeat(32)}`, 'no [redacted]'],
])('%s goes out of a message', (_, message, left) => expect(withoutCredentials(message)).toBe(left));

it.each([
  'Cannot listen on 127.0.0.1:3000: something else listens there.',
  'at answerWithProblemsForEverybody (file:///app/node_modules/rate-limiter-flexible/lib/index.js:12:34)',
])('%j stays', (message) => expect(withoutCredentials(message)).toBe(message));
