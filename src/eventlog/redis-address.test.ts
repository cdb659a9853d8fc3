/** Redis URLs of every form: what they mean, what is refused, and that no password gets into a message. */

import { describe, expect, test } from 'vitest';
import { describeRedisAddress, hostText, parseRedisAddress } from './redis-address.ts';

function read(url: string) {
  const parsed = parseRedisAddress(url);
  return parsed.ok ? parsed.value : parsed.message;
}

describe('an address', () => {
  test.each(['redis://lab', 'rediss://user:p%40ss@[::1]:7000/3', 'redis://:secret@10.0.0.1:7000/?family=6'])(
    'of one server stays as it is: %s',
    (url) => {
      expect(read(url)).toEqual({ kind: 'single', url });
    },
  );

  test('of a group that Sentinels watch', () => {
    expect(read('redis+sentinel://a:1,10.0.0.2:2,[2001:db8::3]/my.primary-1')).toEqual({
      kind: 'sentinel',
      sentinels: [
        { host: 'a', port: 1 },
        { host: '10.0.0.2', port: 2 },
        { host: '2001:db8::3', port: 26_379 },
      ],
      name: 'my.primary-1',
      db: 0,
      tls: false,
    });
    expect(read('rediss+sentinel://u%3Aser:p%2F%40%2C%25ss@a/lab/15?sentinelPassword=x%26y')).toEqual({
      kind: 'sentinel',
      sentinels: [{ host: 'a', port: 26_379 }],
      name: 'lab',
      username: 'u:ser',
      password: 'p/@,%ss',
      sentinelPassword: 'x&y',
      db: 15,
      tls: true,
    });
    expect(read('redis+sentinel://a/lab?sentinelUsername=who&sentinelPassword=word')).toMatchObject({
      sentinelUsername: 'who',
      sentinelPassword: 'word',
    });
  });

  test('of a Cluster', () => {
    const seeds = [
      { host: 'a', port: 7_000 },
      { host: 'b', port: 6_379 },
    ];
    expect(read('redis+cluster://a:7000,b')).toEqual({ kind: 'cluster', seeds, tls: false });
    const given = 'rediss+cluster://:secret:with@colon@a:7000,b/0';
    expect(read(given)).toEqual({ kind: 'cluster', seeds, password: 'secret:with@colon', tls: true });
  });

  test('is shown as hosts and ports', () => {
    const shown = ['redis://u:p@lab/3', 'redis+sentinel://u:p@a:1,[::2]:2/lab/3', 'redis+cluster://u:p@a,b:2'].map(
      (url) => {
        const parsed = parseRedisAddress(url);
        return parsed.ok ? describeRedisAddress(parsed.value) : null;
      },
    );
    expect(shown).toEqual(['lab:6379', 'a:1,[::2]:2/lab', 'a:6379,b:2']);
    expect(hostText({ host: '::1', port: 1 })).toBe('[::1]:1');
  });
});

describe('a refusal', () => {
  test.each([
    ['', /^must be a URL like/],
    ['localhost:6379', /^must be a URL like/],
    ['http://secret@lab', /^must be a URL like/],
    ['REDIS+SENTINEL://lab/x', /^must be a URL like/],
    ['redis://', /^must be a URL like/],
    ['redis:///3', /^must be a URL like/],
    ['redis://user:sec ret@lab', /^must be a URL like/],
    ['redis://lab:70000', /^must be a URL like/],
    ['redis://a:1,b:2', /names several servers/],
    ['redis://u:secret@a,b', /names several servers/],
    ['redis://lab/three', /number of a database/],
    ['redis://user:12/secret@lab', /unescaped \/ \? or #/],
    ['redis://user:12?secret@lab', /unescaped \/ \? or #/],
    ['redis://user:12#secret@lab', /unescaped \/ \? or #/],
    ['redis+cluster://user:12/secret@a,b', /unescaped \/ \? or #/],
    ['redis://user:sec%ret@lab', /%25/],
    ['redis+cluster://user:sec%ret@lab', /%25/],
    ['redis+sentinel://a:1,b:2', /must name the primary/],
    ['redis+sentinel://a:1/', /must name the primary/],
    ['redis+sentinel://a:1/la%20b', /must name the primary/],
    ['redis+sentinel://a:1/lab/x', /number of a database after the name/],
    ['redis+sentinel://a:1/lab/1/2', /number of a database after the name/],
    ['redis+sentinel://a:1/lab?password=secret', /no parameters but sentinelUsername/],
    ['redis+sentinel://a:1/lab?sentinelUsername=secret', /no parameters but sentinelUsername/],
    ['redis+sentinel://a:1,,b:2/lab', /address 2 of its list/],
    ['redis+sentinel://a:0/lab', /address 1 of its list/],
    ['redis+sentinel://a:1,b:65536/lab', /address 2 of its list/],
    ['redis+sentinel:///lab', /address 1 of its list/],
    ['redis+cluster://user:secret@', /address 1 of its list/],
    ['redis+cluster://[::1', /address 1 of its list/],
    ['redis+cluster://::1:7000', /address 1 of its list/],
    ['redis+cluster://a,b:secret', /address 2 of its list/],
    ['redis+cluster://secret@a', /no password/],
    ['redis+cluster://a/1', /no database/],
    ['redis+cluster://a?db=1', /no parameters/],
  ])('%s', (url, message) => {
    expect(read(url)).toMatch(message);
    expect(read(url)).not.toMatch(/secret|sec%ret|sec ret/);
  });
});
