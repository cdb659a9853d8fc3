/**
 * `npm run setup`: makes sure that this machine has a Redis the lab can start. It says what it does before it does it,
 * needs nothing but Node, and does nothing the second time.
 *
 * Exit codes: 0 a Redis is there, 3 there is none and what to do about it.
 */

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const oldestMajor = 7;
const servers = ['redis-server', 'valkey-server'];
const policyFile = '/usr/sbin/policy-rc.d';
/** 101: the action is not allowed (invoke-rc.d's policy interface). The comment tells a file of ours from others. */
const policy =
  '#!/bin/sh\n# By "npm run setup" of authlab, for as long as it installs Redis; may be removed.\nexit 101\n';

/**
 * How each package manager installs a Redis. `offers` tells the version it would install, null when it has none or
 * cannot tell; `prepare` brings its lists up to date.
 */
const managers = [
  {
    program: 'apt-get',
    packages: ['redis-server', 'valkey-server'],
    prepare: ['apt-get', 'update'],
    offers: (name) => /^\s*Candidate:\s*(?:\d+:)?(\d\S*)/m.exec(output('apt-cache', ['policy', name]))?.[1] ?? null,
    install: (name) => ['apt-get', 'install', '--yes', '--no-install-recommends', name],
    startsServices: true,
  },
  {
    program: 'dnf',
    packages: ['valkey', 'redis'],
    offers: (name) => output('dnf', ['repoquery', '--quiet', '--latest-limit=1', '--queryformat=%{version}\n', name]),
    install: (name) => ['dnf', 'install', '--assumeyes', name],
  },
  {
    program: 'apk',
    packages: ['redis', 'valkey'],
    offers: (name) => /-(\d[^-\s]*)-r\d+/.exec(output('apk', ['search', '--exact', name]))?.[1] ?? null,
    prepare: ['apk', 'update'],
    install: (name) => ['apk', 'add', name],
  },
  {
    program: 'pacman',
    packages: ['valkey', 'redis'],
    offers: (name) => /^Version\s*:\s*(?:\d+:)?(\S+)/m.exec(output('pacman', ['-Si', name]))?.[1] ?? null,
    install: (name) => ['pacman', '-S', '--needed', '--noconfirm', name],
  },
  {
    program: 'brew',
    packages: ['redis', 'valkey'],
    offers: () => `${oldestMajor}`,
    install: (name) => ['brew', 'install', name],
    // Homebrew refuses to run as root.
    asUser: true,
  },
];

// A package manager in the foreground gets Ctrl-C itself; this process must stay to put the service policy back.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
process.exitCode = main();

function main() {
  const present = findServer();
  if (present.path !== null) {
    say(`${present.path} ${present.version} is there; nothing to do.`);
    return 0;
  }
  for (const server of present.tooOld)
    say(`${server.path} is version ${server.version}; the lab needs ${oldestMajor}.0.`);
  const manager = managers.find(({ program }) => findProgram(program) !== null);
  if (manager === undefined) return giveUp('no package manager that this script knows was found');

  const asRoot = manager.asUser ? [] : rootPrefix();
  if (asRoot === null) {
    return giveUp('installing needs root, and there is no sudo that works without a terminal', manager);
  }
  if (manager.prepare && run([...asRoot, ...manager.prepare]) !== 0) say('The package lists could not be updated.');
  const name = manager.packages.find((candidate) => isNewEnough(manager.offers(candidate)));
  if (name === undefined) {
    return giveUp(`${manager.program} offers no ${manager.packages.join(' or ')} of version ${oldestMajor}.0 or newer`);
  }
  const install = () => run([...asRoot, ...nonInteractive(manager, asRoot), ...manager.install(name)]);
  // A Redis that is only too old may have a service in use: its package is upgraded as the distribution does it.
  const isNew = present.tooOld.length === 0;
  const status = manager.startsServices && isNew ? withoutService(name, asRoot, install) : install();
  if (status !== 0) return giveUp(`${manager.program} could not install ${name}`, manager);

  const installed = findServer();
  if (installed.path === null) return giveUp(`${name} was installed, but brought no server that the lab can use`);
  say(
    `${installed.path} ${installed.version} is ready. The lab starts one of its own on a free port and stops it again.`,
  );
  return 0;
}

/** The first server on the PATH that is new enough, and those that are not. */
function findServer() {
  const tooOld = [];
  for (const name of servers) {
    const path = findProgram(name);
    if (path === null) continue;
    const version = /server v=(\S+)/.exec(output(path, ['--version']))?.[1] ?? 'unknown';
    if (isNewEnough(version)) return { path, version, tooOld };
    tooOld.push({ path, version });
  }
  return { path: null, version: null, tooOld };
}

function isNewEnough(version) {
  return version !== null && Number.parseInt(version, 10) >= oldestMajor;
}

/** What to put before a command that needs root: nothing, sudo, or null when neither is possible. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  if (findProgram('sudo') === null) return null;
  // With a terminal sudo may ask for the password; without one it must not hang.
  if (process.stdin.isTTY) return ['sudo'];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : null;
}

/** sudo clears the environment, so the variable is set behind it. */
function nonInteractive(manager, asRoot) {
  return manager.program === 'apt-get' && asRoot.length > 0 ? ['env', 'DEBIAN_FRONTEND=noninteractive'] : [];
}

/**
 * Debian's packages start their service on port 6379 and at every boot. The lab wants neither: the start is forbidden
 * by the policy file that Debian provides for this, for as long as the installation takes, unless the machine has a
 * policy of its own; the start at boot is switched off afterwards.
 */
function withoutService(service, asRoot, install) {
  const folder = mkdtempSync(join(tmpdir(), 'authlab-setup-'));
  const isOurs = !existsSync(policyFile) || readFileSync(policyFile, 'utf8') === policy;
  try {
    if (isOurs) {
      say('The package would start a Redis service on port 6379; that is forbidden while it is being installed.');
      writeFileSync(join(folder, 'policy-rc.d'), policy);
      if (run([...asRoot, 'install', '-m', '755', join(folder, 'policy-rc.d'), policyFile]) !== 0) return 1;
    } else {
      say(`${policyFile} of this machine decides whether the package starts its Redis service on port 6379.`);
    }
    const status = install();
    if (status === 0 && existsSync('/run/systemd/system')) {
      say(`Nor is the service to start at boot; "systemctl enable --now ${service}" would undo this.`);
      run([...asRoot, 'systemctl', 'disable', service]);
    }
    return status;
  } finally {
    if (isOurs) run([...asRoot, 'rm', '-f', policyFile]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function giveUp(reason, manager) {
  say(`No Redis was set up: ${reason}. Do one of these instead:`);
  if (manager !== undefined) say(`  as root, run: ${manager.install(manager.packages[0]).join(' ')}`);
  say(`  install redis-server or valkey-server ${oldestMajor}.0 or newer by hand and put it on the PATH`);
  say('  let the lab use a Redis that runs somewhere: REDIS_URL=redis://host:port npm run lab');
  say('  start docker; the lab then runs Redis in a container by itself');
  return 3;
}

/** Runs a command in sight of the user and returns its exit code. */
function run(command) {
  say(`$ ${command.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command[0], command.slice(1), { stdio: 'inherit', env }).status ?? 1;
}

/** What a command printed, in English whatever the user's language; empty when it failed. */
function output(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  return status === 0 ? stdout : '';
}

function findProgram(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter((entry) => entry !== '')) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

function say(text) {
  console.log(text);
}
