/** The Chromium of this machine, if there is one: it is not ours to install. */

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export const chromiumRemedy = 'apt-get install -y chromium';

/** Null when there is none on the PATH. */
export function findChromium(): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin'];
  const places = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  );
  return places.find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The sandbox needs rights that containers and root do not have; nothing is opened but what the lab itself serves. */
export const chromiumArguments: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
