/** Facts about this machine, and secrets of a run. */

import { createPrivateKey } from 'node:crypto';
import { cpus } from 'node:os';
import { expect, test, vi } from 'vitest';
import { systemRandomBytes } from '../../src/kernel/random.ts';
import { readMachine } from './machine.ts';
import { createLabSecrets } from './secrets.ts';

// Each test starts processes or makes keys, which takes its time where other work goes on.
vi.setConfig({ testTimeout: 20_000 });

test('the machine is described by what explains its numbers', () => {
  const pinning = { node: [0], generator: [1], redis: [1] };
  const machine = readMachine({ pinning, generatorWaiting: 'awake' });
  expect(machine).toMatchObject({ nodeVersion: process.version, pinning, generatorWaiting: 'awake' });
  expect(machine.hostPlatform).toMatch(/^\w+ \w+$/);
  expect(machine.kernelRelease).not.toBe('');
  expect(machine.cpuModel).not.toBe('');
  expect(machine.cores).toBeGreaterThanOrEqual(1);
  expect(machine.cores).toBeLessThanOrEqual(cpus().length);
  expect(machine.memoryBytes).toBeGreaterThan(2 ** 28);
  expect(machine.loadAverage).toBeGreaterThanOrEqual(0);
});

test('secrets are as long as promised and different each time', async () => {
  const [first, second] = await Promise.all([createLabSecrets(systemRandomBytes), createLabSecrets(systemRandomBytes)]);
  expect(Buffer.from(first.secret, 'base64url')).toHaveLength(32);
  expect(first.secret).toMatch(/^[\w-]{43}$/);
  const key = createPrivateKey(first.rs256PrivateKeyPem);
  expect([key.asymmetricKeyType, key.asymmetricKeyDetails?.modulusLength]).toEqual(['rsa', 3_072]);
  expect(first.rs256PrivateKeyPem).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  expect(first.secret).not.toBe(second.secret);
  expect(first.rs256PrivateKeyPem).not.toBe(second.rs256PrivateKeyPem);
});
