/** The library that makes and checks each kind of signature, with the version that is installed: part of every parity proof. */

import { createRequire } from 'node:module';

export interface Library {
  readonly library: string;
  readonly libraryVersion: string;
}

const require = createRequire(import.meta.url);

/** By the name npm knows it by. Throws when it is not installed. */
export function installedLibrary(library: string): Library {
  const { version }: { readonly version: string } = require(`${library}/package.json`);
  return { library, libraryVersion: version };
}

export const cookieLibrary = installedLibrary('keygrip');
