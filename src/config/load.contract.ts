/** Loads configurations for tests: variables, options and files are what the test says, and nothing else. */

import { type Config, type ConfigSources, loadConfig } from '../config.ts';

/** 32 bytes that look random. */
export const secret = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37 + 11) % 256)).toString(
  'base64url',
);
/** A lab node needs neither keys nor users. */
export const lab = { AUTHLAB_LAB: '1' };

export interface Given {
  readonly environment?: Record<string, string>;
  readonly flags?: ConfigSources['flags'];
  readonly files?: Record<string, string | Buffer>;
}

export function load({ environment = {}, flags = {}, files = {} }: Given) {
  return loadConfig({
    environment,
    flags,
    readFile(path) {
      const content = files[path];
      if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return Buffer.from(content);
    },
  });
}

/** Fails the test when the configuration has faults. */
export function configOf(given: Given): Config {
  const loaded = load(given);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return loaded.value;
}

/** Messages by place. */
export function faultsOf(given: Given): Record<string, string> {
  const loaded = load(given);
  return loaded.ok ? {} : Object.fromEntries(loaded.faults.map(({ place, message }) => [place, message]));
}
