/**
 * A clock that one process reads and others do not: libfaketime between the process and the system. Only the time of day
 * is bent; what the process takes for durations stays as it is.
 */

import { randomUUID } from 'node:crypto';
import { access, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AuthlabError } from '../../src/kernel/errors.ts';

export interface BentClock {
  /** For the process whose clock it is. */
  readonly variables: Readonly<Record<string, string>>;
  /** Sets it so many seconds ahead of the system's, or behind; the process sees it a second or two later. */
  bend(seconds: number): Promise<void>;
}

/** How to come by what is missing. */
export const bentClockRemedy = 'needs libfaketime: "apt-get install faketime" (Debian, Ubuntu)';

/** A second: asking the file system for every look at the clock would slow the process down. */
const cacheSeconds = 1;
const library = 'libfaketimeMT.so.1';

/** A clock that goes right, until it is bent. Throws ERR_ENVIRONMENT with the remedy where there is no libfaketime. */
export async function openBentClock(folder: string): Promise<BentClock> {
  const path = await findFaketime();
  if (path === null) throw new AuthlabError('ERR_ENVIRONMENT', bentClockRemedy);
  const file = join(folder, `clock-${randomUUID()}`);
  const bend = (seconds: number) => writeFile(file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`);
  await bend(0);
  return {
    variables: {
      LD_PRELOAD: path,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: `${cacheSeconds}`,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      // Its older name.
      DONT_FAKE_MONOTONIC: '1',
      // Files keep their times: nobody asked about those.
      NO_FAKE_STAT: '1',
    },
    bend,
  };
}

/** The library's path; null where this machine has none. */
export async function findFaketime(): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const folders = ['/usr/lib64/faketime', '/usr/lib/faketime', '/usr/local/lib/faketime'];
  const architectures = await readdir('/usr/lib').catch(() => []);
  for (const folder of [...architectures.map((name) => `/usr/lib/${name}/faketime`), ...folders]) {
    const path = join(folder, library);
    try {
      await access(path);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}
