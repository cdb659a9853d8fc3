/** The server as a program on a real Redis: what it says where, and with which exit code it ends. */

import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask } from './http/http.contract.ts';
import { catchOutput } from './program-output.contract.ts';
import { runServer } from './server.ts';
import { environment } from './server-environment.contract.ts';

describe('the program', () => {
  const { isTTY } = process.stderr;
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    Object.defineProperty(process.stderr, 'isTTY', { value: isTTY, configurable: true });
  });

  it('says one line on stdout when it listens, and ends with 0 when told to', async () => {
    for (const [name, value] of Object.entries(environment())) vi.stubEnv(name, value);
    const written = catchOutput();
    const ended = runServer(['--strategy', 'session', '--strategies', 'none,session']);
    await vi.waitFor(() => expect(written.stdout).not.toBe(''), { timeout: 10_000 });
    const { port, ...rest } = JSON.parse(written.stdout) as { port: number };
    expect(rest).toEqual({ event: 'listening', host: '127.0.0.1', pid: process.pid });
    expect((await ask(port, '/strategies')).json).toMatchObject({ default: 'session' });
    process.emit('SIGTERM');
    expect(await ended).toBe(0);
    const said = written.stderr.trimEnd().split('\n');
    const objects = said.map((line) => JSON.parse(line) as { msg: string; warning?: string });
    expect(objects[0]).toMatchObject({ msg: 'listening', level: 'info', strategies: ['none', 'session'] });
    expect(objects.map(({ msg }) => msg)).toEqual(['listening', 'warning', 'stopping', 'stopped']);
    expect(process.listeners('SIGTERM')).toEqual([]);
  });

  it('speaks to people in sentences, and tells them alone the passwords it has made', async () => {
    const demo = { AUTHLAB_LAB: '', AUTHLAB_DEMO_USERS: '1', AUTHLAB_STRATEGIES: 'session' };
    for (const [name, value] of Object.entries(environment(demo))) vi.stubEnv(name, value);
    const written = catchOutput();
    for (const isTerminal of [true, false]) {
      Object.assign(written, { stdout: '', stderr: '' });
      Object.defineProperty(process.stderr, 'isTTY', { value: isTerminal, configurable: true });
      const ended = runServer([]);
      await vi.waitFor(() => expect(written.stdout).not.toBe(''), { timeout: 10_000 });
      process.emit('SIGTERM');
      expect(await ended).toBe(0);
      const lines = written.stderr.trimEnd().split('\n');
      const passwords = lines.flatMap((line) => /^Demo user \w+, password (\S+)$/.exec(line)?.[1] ?? []);
      expect(passwords).toHaveLength(2);
      const objects = lines.filter((line) => line.startsWith('{'));
      if (isTerminal) expect(written.stderr).toContain('At /: session. Mounted: /session');
      else expect(objects.length).toBeGreaterThan(2);
      expect(objects.length > 0).toBe(!isTerminal);
      for (const password of passwords) expect(objects.join('\n') + written.stdout).not.toContain(password);
    }
  });

  it('ends with 3 for a port that is taken, with the remedy', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    for (const [name, value] of Object.entries(environment())) vi.stubEnv(name, value);
    const written = catchOutput();
    expect(await runServer(['--port', `${port}`, '--strategies', 'none'])).toBe(3);
    expect(written.stderr).toContain(`Cannot listen on 127.0.0.1:${port}: something else listens there; end it, or`);
    expect(written.stdout).toBe('');
    await new Promise((resolve) => taken.close(resolve));
  });

  it('ends with 2 for bad input and 3 for a missing Redis, in words and without the password', async () => {
    for (const [name, value] of Object.entries(environment())) vi.stubEnv(name, value);
    const written = catchOutput();
    expect(await runServer(['--port', '70000', '--realm', 'a b'])).toBe(2);
    expect(written.stderr).toMatch(/flag --port: must be at most 65535/);
    expect(written.stderr).toMatch(/flag --realm: must be 1 to 64/);
    expect(await runServer(['--prot', '1'])).toBe(2);
    expect(written.stderr).toMatch(/Did you mean --port/);
    expect(await runServer(['--secret=hunter2'])).toBe(2);
    expect(await runServer(['--redis-url', 'redis://user:hunter2@127.0.0.1:1'])).toBe(3);
    expect(written.stderr).toContain('127.0.0.1:1');
    expect(written.stderr).not.toContain('hunter2');
    expect(await runServer(['--help'])).toBe(0);
    expect(written.stdout).toMatch(/--redis-url <value> .*AUTHLAB_REDIS_URL/s);
    expect(written.stdout).not.toContain('--secret');
  });
});
