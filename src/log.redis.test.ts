/** `authlab log` against a real Redis: what it prints, with which exit code it ends. */

import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { minute, sidOf, started, terminated } from './application/log-story.contract.ts';
import type { LogEvent } from './domain/events.ts';
import { appendRequest, randomRealm } from './eventlog/event-log-harness.contract.ts';
import type { EventLog, Partition } from './eventlog/port.ts';
import { connectRedisEventLog } from './eventlog/redis-event-log.ts';
import { runLog } from './log.ts';
import { catchOutput, type Written } from './program-output.contract.ts';

const url = inject('redisUrl');
const token = { strategy: 'jwt-hs256', revocation: 'none' } as const;

let realm: string;
let log: EventLog;
let written: Written;
beforeEach(() => {
  realm = randomRealm();
  log = connectRedisEventLog({ url, realm, partitions: 2, commandTimeoutMillis: 1_000 });
  for (const [name, value] of Object.entries({ REDIS_URL: url, AUTHLAB_REALM: realm, AUTHLAB_PARTITIONS: '2' })) {
    vi.stubEnv(name, value);
  }
  written = catchOutput();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await log.close();
});

async function add(stream: string, expectedVersion: number, ...events: readonly LogEvent[]): Promise<void> {
  const partition: Partition = stream === 'signing-keys' ? 'realm' : log.partitionOfUser(stream);
  await log.append(appendRequest({ partition, stream, expectedVersion, events }));
}

const now = Date.now();
const sid = () => sidOf('a', log.partitionOfUser('ada'));

/** Ada logged in four minutes ago by a token that nobody can revoke, and logged out two minutes ago. */
async function addStory(): Promise<void> {
  await add('ada', 0, started(now - 4 * minute, { sid: sid(), ...token }));
  const revocation = 'none';
  await add(
    'ada',
    1,
    terminated(now - 2 * minute, { sid: sid(), revocation, acceptableUntilMillis: now + 10 * minute }),
  );
}

function objects(): Record<string, unknown>[] {
  return written.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('authlab log', () => {
  it('user: the history, as text and as objects', async () => {
    await addStory();
    expect(await runLog(['user', 'ada'])).toBe(0);
    const at = new Date(now - 2 * minute).toISOString();
    expect(written.stdout.split('\n')).toHaveLength(3);
    expect(written.stdout).toContain(`${at}  ada  SessionTerminated  sid=${sid()} reason=logout revocation=none`);
    expect(written.stdout).not.toContain('digest');
    expect(written.stderr).toBe('');
    written.stdout = '';
    expect(await runLog(['user', 'ada', '--json'])).toBe(0);
    expect(objects().map(({ type, version }) => [type, version])).toEqual([
      ['SessionStarted', 1],
      ['SessionTerminated', 2],
    ]);
  });

  it('session: its story; explain: what that means', async () => {
    await addStory();
    expect(await runLog(['session', sid(), '--json'])).toBe(0);
    expect(objects().map(({ type }) => type)).toEqual(['SessionStarted', 'SessionTerminated']);
    written.stdout = '';
    expect(await runLog(['explain', sid()])).toBe(0);
    const until = new Date(now + 10 * minute).toISOString();
    expect(written.stdout).toContain('ended, its credentials: accepted.');
    expect(written.stdout).toContain(`jwt-hs256 cannot refuse it: what was issued is good until it expires, ${until}`);
    written.stdout = '';
    expect(await runLog(['explain', sid(), '--json'])).toBe(0);
    expect(objects()).toEqual([
      expect.objectContaining({ session: 'ended', credentials: 'accepted', acceptableUntil: until }),
    ]);
  });

  it('at: the sessions of everybody or of one, at a time or some time ago', async () => {
    await addStory();
    const bobs = sidOf('b', log.partitionOfUser('bob'));
    await add('bob', 0, started(now - 8 * minute, { sub: 'bob', sid: bobs }));
    const users = async (...argv: string[]) => {
      written.stdout = '';
      expect(await runLog(['at', ...argv, '--json'])).toBe(0);
      return objects().map(({ user }) => user);
    };
    expect((await users('3m')).toSorted()).toEqual(['ada', 'bob']);
    expect(await users('3m', '--user', 'ada')).toEqual(['ada']);
    expect(await users('1m')).toEqual(['bob']);
    expect(await users(new Date(now - 6 * minute).toISOString())).toEqual(['bob']);
    expect(await users('2h')).toEqual([]);
    expect(written.stderr).toContain(`Nothing, in the realm ${realm} with 2 partitions.`);
  });

  it('tail: what was and what comes, in every partition, until Ctrl-C', async () => {
    await addStory();
    const ended = runLog(['tail', '--since', '5m', '--json']);
    await vi.waitFor(() => expect(objects()).toHaveLength(2));
    await add('bob', 0, started(now, { sub: 'bob', sid: sidOf('b', log.partitionOfUser('bob')) }));
    const kid = 'k';
    await add('signing-keys', 0, { type: 'SigningKeyRetired', atMillis: now, kid, algorithm: 'rs256' });
    await vi.waitFor(() => expect(objects()).toHaveLength(4));
    expect(objects().map(({ partition }) => partition)).toContain('realm');
    const began = performance.now();
    process.emit('SIGINT');
    expect(await ended).toBe(130);
    expect(performance.now() - began).toBeLessThan(900);
    expect(process.listeners('SIGINT')).toEqual([]);
  });

  it('tail: shows no key, sealed as it may be, and nothing older than it was asked for', async () => {
    const added = { type: 'SigningKeyAdded', atMillis: now, kid: 'k', algorithm: 'rs256' } as const;
    await add('signing-keys', 0, { ...added, sealedKey: 'c2VhbGVk', activateAtMillis: now, retireOld: 'when-expired' });
    const late = runLog(['tail', '--since', new Date(Date.now() + 3_600_000).toISOString()]);
    const ended = runLog(['tail', '--since', '1h']);
    await vi.waitFor(() => expect(written.stdout).toContain('SigningKeyAdded  kid=k algorithm=rs256'));
    process.emit('SIGINT');
    expect(await Promise.all([late, ended])).toEqual([130, 130]);
    expect(written.stdout).not.toContain('c2VhbGVk');
    expect(written.stdout.split('\n')).toHaveLength(2);
  });

  it.each<[string[], string]>([
    [['user', 'a b'], '<user>: must be a user'],
    [['session', '*'], '<sid>: must be a session id'],
    [['explain', sidOf('a', 2)], '--partitions'],
    [['at', 'yesterday'], '<time>: must be a time like'],
    [['at', '1m', '--user', ''], 'flag --user: must be a user'],
    [['tail', '--since', 'x'], 'flag --since: must be a time like'],
    [['user', 'ada', '--partitions', '0'], 'flag --partitions: must be at least 1'],
    [['user', 'ada', '--redis-url', 'http://user:hunter2@x'], 'flag --redis-url: must be a URL'],
    [['user', 'ada', '--prot', '1'], 'unknown option'],
    [['user'], 'missing required argument'],
    [['usr', 'ada'], 'Did you mean user'],
    [[], 'Usage:'],
  ])('%j ends with 2', async (argv, message) => {
    expect(await runLog(argv)).toBe(2);
    expect(written.stderr).toContain(message);
    expect(written.stderr).not.toContain('hunter2');
    expect(written.stdout).toBe('');
  });

  it('ends with 3 where no Redis answers, and names it without its password', async () => {
    const away = ['--redis-url', 'redis://user:hunter2@127.0.0.1:1'];
    for (const question of [['user', 'ada'], ['at', '1m'], ['explain', sid()], ['tail']]) {
      expect(await runLog([...question, ...away])).toBe(3);
    }
    expect(written.stderr).toContain('127.0.0.1:1');
    expect(written.stderr).not.toContain('hunter2');
  });
});
