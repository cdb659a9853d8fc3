/** `npm run setup` on machines of every kind: the PATH holds stand-ins, so that nothing is installed here. */

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

// Each test starts processes or makes keys, which takes its time where other work goes on.
vi.setConfig({ testTimeout: 20_000 });

const setup = fileURLToPath(new URL('./setup.mjs', import.meta.url));
const isRoot = process.getuid?.() === 0;

/** A folder that stands for the whole PATH. */
let programs: string;
let calls: string;

beforeEach(() => {
  programs = mkdtempSync(join(tmpdir(), 'authlab-programs-'));
  chmodSync(programs, 0o755);
  calls = join(programs, 'calls');
  // What changes the system or becomes root; each tells that it was called.
  for (const name of ['install', 'rm', 'systemctl']) addProgram(name, '');
  addProgram('env', 'exec /usr/bin/env "$@"');
  if (!isRoot) addProgram('sudo', 'shift; test "$1" = true || exec "$@"');
});

afterEach(() => rmSync(programs, { recursive: true }));

function addProgram(name: string, script: string): void {
  const path = join(programs, name);
  writeFileSync(path, `#!/bin/sh\necho "${name} $*" >>${calls}\n${script}\n`);
  chmodSync(path, 0o755);
}

function addServer(version: string): void {
  addProgram('redis-server', `echo "Redis server v=${version} sha=0"`);
}

/** What installing does: the server appears. */
function installing(version: string): string {
  const server = join(programs, 'redis-server');
  return `{ echo '#!/bin/sh'; echo 'echo "Redis server v=${version} sha=0"'; } >${server}; /bin/chmod 755 ${server}`;
}

function addApt(candidate: string, onInstall: string): void {
  addProgram('apt-cache', `echo "$2:"; echo "  Installed: (none)"; echo "  Candidate: ${candidate}"`);
  addProgram('apt-get', `test "$1" = update || { ${onInstall}; }`);
}

function run(options: { readonly uid?: number } = {}) {
  // Beside the stand-ins, where another user may read it: the checkout may be closed to all but its owner.
  const copy = join(programs, 'setup.mjs');
  copyFileSync(setup, copy);
  const surroundings = { cwd: programs, env: { PATH: programs }, encoding: 'utf8' } as const;
  const result = spawnSync(process.execPath, [copy], { ...surroundings, ...options });
  return { status: result.status, said: result.stdout + result.stderr };
}

/** Calls that change the system, without sudo and the variable before them. */
function changes(): string[] {
  const lines = existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [];
  return lines.filter((line) => /^(apt-get|dnf|apk|pacman|brew|install|rm|systemctl) /.test(line));
}

describe('a machine with Redis', () => {
  test('is left alone', () => {
    addServer('7.0.15');
    addApt('5:7.0.15-1', 'exit 1');
    expect(run()).toEqual({ status: 0, said: `${join(programs, 'redis-server')} 7.0.15 is there; nothing to do.\n` });
    expect(changes()).toEqual([]);
  });

  test('that is too old is told so, and has it upgraded with its service as it is', () => {
    addServer('6.0.16');
    addApt('5:7.2.4-1', installing('7.2.4'));
    const { status, said } = run();
    expect(status).toBe(0);
    expect(said).toContain('redis-server is version 6.0.16');
    expect(changes()).toEqual(['apt-get update', 'apt-get install --yes --no-install-recommends redis-server']);
  });
});

describe('a machine without Redis', () => {
  test('gets it, says so beforehand, and needs nothing the second time', () => {
    addApt('5:7.0.15-1~deb12u10', installing('7.0.15'));
    const first = run();
    expect(first.status).toBe(0);
    expect(first.said).toMatch(/\$ .*apt-get install --yes --no-install-recommends redis-server\n/);
    expect(first.said).toContain('redis-server 7.0.15 is ready');
    const made = changes();
    expect(made.filter((line) => line.startsWith('apt-get'))).toEqual([
      'apt-get update',
      'apt-get install --yes --no-install-recommends redis-server',
    ]);
    expect(run().status).toBe(0);
    expect(changes()).toEqual(made);
  });

  test('has its service policy put back even when the installation fails', () => {
    addApt('5:7.0.15-1', 'echo "dpkg was interrupted" >&2; exit 100');
    const { status, said } = run();
    expect(status).toBe(3);
    expect(said).toContain('apt-get could not install redis-server');
    const policy = changes().filter((line) => line.includes('policy-rc.d'));
    const isTheirs = existsSync('/usr/sbin/policy-rc.d');
    expect(policy.map((line) => line.split(' ')[0])).toEqual(isTheirs ? [] : ['install', 'rm']);
  });

  test('whose packages are too old is told the alternatives and left alone', () => {
    addApt('5:6.0.16-1ubuntu1', 'exit 1');
    const { status, said } = run();
    expect(status).toBe(3);
    expect(said).toContain('apt-get offers no redis-server or valkey-server of version 7.0 or newer');
    expect(said).toContain('REDIS_URL=');
    expect(said).toContain('docker');
    expect(changes()).toEqual(['apt-get update']);
  });

  test('with a package that brings no server is told so', () => {
    addApt('5:7.0.15-1', 'exit 0');
    expect(run()).toMatchObject({ status: 3, said: expect.stringContaining('brought no server') });
  });

  test('without a package manager is told what to do', () => {
    expect(run()).toMatchObject({ status: 3, said: expect.stringContaining('no package manager') });
  });

  test('whose user may not install gets the command for who may', () => {
    addApt('5:7.0.15-1', 'exit 1');
    rmSync(join(programs, 'sudo'), { force: true });
    const { status, said } = run(isRoot ? { uid: 65_534 } : {});
    expect(status).toBe(3);
    expect(said).toContain('as root, run: apt-get install --yes --no-install-recommends redis-server\n');
    expect(changes()).toEqual([]);
  });

  test.each([
    ['dnf', 'test "$1" = repoquery && echo 8.0.4', 'dnf install --assumeyes valkey'],
    ['apk', 'test "$1" = search && echo redis-7.2.9-r0', 'apk add redis'],
    ['pacman', 'test "$1" = -Si && echo "Version         : 1:8.1.1-1"', 'pacman -S --needed --noconfirm valkey'],
    ['brew', 'false', 'brew install redis'],
  ])('is served by %s', (manager, offer, command) => {
    addProgram(manager, `${offer} || { case "$1" in update) ;; *) ${installing('8.0.4')};; esac; }`);
    expect(run()).toMatchObject({ status: 0, said: expect.stringContaining(`${command}\n`) });
    expect(changes()).toContain(command);
  });
});
