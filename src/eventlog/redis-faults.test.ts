import { describe, expect, test } from 'vitest';
import { logFault, redirection, redisAddress } from './redis-faults.ts';

/** An error reply as ioredis throws it, with the command and its arguments attached. */
function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError', command: { name: 'evalsha', args: ['secret'] } });
}

const address = '127.0.0.1:7000';

describe('an error reply', () => {
  test.each([
    ["OOM command not allowed when used memory > 'maxmemory'.", 'ERR_LOG_REFUSED'],
    ["READONLY You can't write against a read only replica.", 'ERR_LOG_REFUSED'],
    ['NOAUTH Authentication required.', 'ERR_LOG_REFUSED'],
    ['NOPERM this user has no permissions', 'ERR_LOG_REFUSED'],
    ['WRONGTYPE Operation against a key', 'ERR_LOG_REFUSED'],
    ['MISCONF Redis is configured to save RDB snapshots', 'ERR_LOG_REFUSED'],
    ['ERR something new', 'ERR_LOG_REFUSED'],
    ['LOADING Redis is loading the dataset in memory', 'ERR_LOG_UNAVAILABLE'],
    ['MASTERDOWN Link with MASTER is down', 'ERR_LOG_UNAVAILABLE'],
    ['TRYAGAIN Multiple keys request during rehashing of slot', 'ERR_LOG_UNAVAILABLE'],
    ['CLUSTERDOWN The cluster is down', 'ERR_LOG_UNAVAILABLE'],
    ['UNBLOCKED force unblock from blocking operation, instance state changed', 'ERR_LOG_UNAVAILABLE'],
    ['CORRUPT version or number is not a number', 'ERR_LOG_CORRUPT'],
  ])('%s', (message, code) => {
    expect(logFault(reply(message), address, 'ERR_LOG_OUTCOME_UNKNOWN')).toMatchObject({ code });
  });

  test('is not repeated in the fault, because Redis quotes arguments', () => {
    const fault = logFault(
      reply("ERR unknown command 'x', with args beginning with: 'secret'"),
      address,
      'ERR_LOG_UNAVAILABLE',
    );
    expect(`${fault.message} ${JSON.stringify(fault)} ${String(fault.cause)}`).not.toMatch('secret');
  });
});

describe('no reply', () => {
  test('to what was sent is as unknown as the caller says', () => {
    const lost = new Error('Connection is closed.');
    expect(logFault(lost, address, 'ERR_LOG_OUTCOME_UNKNOWN').code).toBe('ERR_LOG_OUTCOME_UNKNOWN');
    expect(logFault(lost, address, 'ERR_LOG_UNAVAILABLE').code).toBe('ERR_LOG_UNAVAILABLE');
  });

  test('because nothing was sent is certain', () => {
    const notSent = new Error("Stream isn't writeable and enableOfflineQueue options is false");
    expect(logFault(notSent, address, 'ERR_LOG_OUTCOME_UNKNOWN').code).toBe('ERR_LOG_UNAVAILABLE');
  });
});

test('an address is hosts and ports, a name, and nothing else of the URL', () => {
  expect(redisAddress('redis://user:secret@lab.example:7001/3')).toBe('lab.example:7001');
  expect(redisAddress('redis://lab.example')).toBe('lab.example:6379');
  expect(redisAddress('redis+sentinel://user:secret@a:1,b/lab/3?sentinelPassword=secret')).toBe('a:1,b:26379/lab');
  expect(redisAddress('rediss+cluster://:secret@a:1,[::1]')).toBe('a:1,[::1]:6379');
  for (const url of ['/var/run/secret.sock', 'redis://user:12/secret@lab', 'redis+sentinel://user:secret@a:1']) {
    expect(redisAddress(url)).toBe('the configured address');
  }
});

describe('a redirection', () => {
  test.each([
    ['MOVED 866 127.0.0.1:7001', { asking: false, host: '127.0.0.1', port: 7_001 }],
    ['ASK 866 redis.example:7001', { asking: true, host: 'redis.example', port: 7_001 }],
    ['MOVED 866 ::1:7001', { asking: false, host: '::1', port: 7_001 }],
    // The node does not know its own address: it is where we asked.
    ['MOVED 866 :7001', { asking: false, host: '', port: 7_001 }],
    ['MOVED 866', null],
    ['TRYAGAIN Multiple keys request during rehashing of slot', null],
    ['ERR MOVED 866 127.0.0.1:7001', null],
  ])('%s', (message, expected) => {
    expect(redirection(reply(message))).toEqual(expected);
  });

  test('is none where no server said so', () => {
    expect(redirection(new Error('MOVED 866 127.0.0.1:7001'))).toBeNull();
  });
});
