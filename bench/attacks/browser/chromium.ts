/** One Chromium for all who need a page at the same time; it goes when the last of them has gone. */

import type { Browser, Page } from 'playwright-core';
import { chromiumArguments, findChromium } from '../../environment/chromium.ts';

let shared: Promise<Browser> | null = null;
let users = 0;

/** Why there is no browser, in a few words; null: there is one. */
export async function withoutBrowser(): Promise<string | null> {
  if (findChromium() === null) return 'no Chromium on this machine';
  try {
    await import('playwright-core');
    return null;
  } catch {
    return 'playwright-core is not installed';
  }
}

/** A page with a profile of its own: no cookie, nothing stored. */
export async function withPage<T>(use: (page: Page) => Promise<T>): Promise<T> {
  users += 1;
  shared ??= launch();
  const browser = await shared;
  try {
    const context = await browser.newContext();
    try {
      return await use(await context.newPage());
    } finally {
      await context.close();
    }
  } finally {
    users -= 1;
    if (users === 0) {
      shared = null;
      await browser.close();
    }
  }
}

/** The attacker's server stands on this machine and plays one on the Internet, which no browser keeps a page from. */
const nearby = ['--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests'];

async function launch(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: findChromium() ?? '', args: [...chromiumArguments, ...nearby] });
}
