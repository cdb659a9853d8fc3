/** The promise of `hybrid-strict`, on real processes: once a logout is acknowledged no node lets the session in. */

import { afterEach, describe, expect, it } from 'vitest';
import { seededFraction } from '../../src/kernel/random.ts';
import { freePorts } from '../environment/free-ports.ts';
import { startTcpLink } from '../environment/tcp-link.ts';
import { startTestRedis } from '../environment/test-redis.ts';
import { startGenerator } from '../load/generator-client.ts';
import { Figures, printFigures, Victim } from './promise.contract.ts';
import { hybrid, type Realm, startRealm, strict } from './promise-nodes.contract.ts';
import type { ProbeRun } from './promise-probes.contract.ts';

const stalenessLimitMillis = 2_000;
const strictRevokes = 1_000;
/** Beside each fourth strict one: the same moments, the same load, the other promise. */
const plainRevokes = 250;
/** Each node must be asked so soon after the acknowledgement for the revoke to be one of the thousand. */
const promptMillis = 1;
/** Revokes beyond the thousand, for those after which this process itself was held up. */
const spareRevokes = 100;
/** Of each node, from the acknowledgement on. */
const probesPerNode = 100;
const victimsAtOnce = 4;
const loadUsers = 100;

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function openRedis() {
  const redis = await startTestRedis();
  closing.push(() => redis.close());
  return redis;
}

async function openRealm(redisUrls: readonly string[]): Promise<Realm> {
  const realm = await startRealm({ redisUrls, stalenessLimitMillis });
  closing.push(() => realm.close());
  return realm;
}

interface Load {
  stop(): Promise<readonly Readonly<Record<string, number>>[]>;
}

/** Other sessions, asked for on every node as fast as it answers. */
async function startLoad({ supervisor, nodes, contestants, logIn }: Realm): Promise<Load> {
  const generator = await startGenerator({ supervisor });
  closing.push(() => generator.close());
  const path = contestants[strict].protectedPath;
  const credentials = await logIn(contestants[strict], loadUsers);
  const headers = credentials.map((credential) => credential.headersFor(path));
  await generator.keepCredentials('load', headers);
  await generator.startLoad(nodes.map(({ baseUrl }) => ({ baseUrl, path, connections: 1, credentialsKey: 'load' })));
  return { stop: async () => (await generator.stopLoad()).map(({ statuses }) => statuses) };
}

describe('hybrid-strict', () => {
  it('1,000 revokes under load: nobody is let in after the acknowledgement', async () => {
    const { url } = await openRedis();
    const realm = await openRealm([url, url, url]);
    const { contestants, nodes } = realm;
    const strictVictims = [...(await realm.logIn(contestants[strict], strictRevokes + spareRevokes))];
    const plainVictims = [...(await realm.logIn(contestants[hybrid], plainRevokes))];
    const strictly = new Figures('hybrid-strict, under load', 0);
    const plainly = new Figures('hybrid, under load', stalenessLimitMillis);
    const random = seededFraction(20_261_124);
    const run = (): ProbeRun => ({
      revokeAtNode: Math.floor(random() * nodes.length),
      isEnough: (probes) => probes.length >= probesPerNode && probes.at(-1)?.status !== 200,
    });
    let begun = 0;
    const work = async (): Promise<void> => {
      for (;;) {
        const victim = strictVictims.pop();
        if (victim === undefined || strictly.promptWithin(promptMillis) >= strictRevokes) return;
        strictly.add(await (await Victim.admit(contestants[strict], victim)).revoke(run()));
        begun += 1;
        const plainVictim = begun % (strictRevokes / plainRevokes) === 0 ? plainVictims.pop() : undefined;
        if (plainVictim === undefined) continue;
        plainly.add(await (await Victim.admit(contestants[hybrid], plainVictim)).revoke(run()));
      }
    };
    const load = await startLoad(realm);
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: victimsAtOnce }, work));
    const seconds = (performance.now() - startedAt) / 1_000;
    const statuses = await load.stop();
    printFigures(
      `Logouts under load: ${nodes.length} nodes, ${victimsAtOnce} victims at once, ${seconds.toFixed(0)} s; what the ` +
        `nodes answered to the load meanwhile: ${statuses.map((counts) => JSON.stringify(counts)).join(', ')}`,
      [strictly, plainly],
    );
    expect(strictly.violations).toEqual([]);
    expect(strictly.promptWithin(promptMillis)).toBeGreaterThanOrEqual(strictRevokes);
    expect(plainly.violations).toEqual([]);
    expect(plainly.acknowledged).toBe(plainRevokes);
    for (const counts of statuses) expect(Object.keys(counts)).toEqual(['200']);
  });

  it('waits for a node that hears of nothing, where hybrid does not: there the same probes are let in', async () => {
    const redis = await openRedis();
    const [linkPort = 0] = await freePorts(1);
    const link = await startTcpLink(linkPort, redis.port);
    closing.push(() => link.close());
    const realm = await openRealm([redis.url, redis.url, `redis://127.0.0.1:${linkPort}`]);
    const { contestants } = realm;
    const strictly = new Figures('hybrid-strict, a node hears nothing', 0);
    const plainly = new Figures('hybrid, a node hears nothing', stalenessLimitMillis);
    const names = [hybrid, strict] as const;
    for (let trial = 0; trial < 5; trial += 1) {
      const [plainVictims, strictVictims] = await Promise.all(names.map((name) => realm.logIn(contestants[name], 1)));
      const [plainVictim, strictVictim] = [plainVictims?.[0], strictVictims?.[0]];
      if (plainVictim === undefined || strictVictim === undefined) throw new Error('two victims were logged in');
      const admittedPlain = await Victim.admit(contestants[hybrid], plainVictim);
      const admittedStrict = await Victim.admit(contestants[strict], strictVictim);
      const unstall = link.stall('tails');
      // To the last moment at which somebody could be let in, and on: it hears nothing all the while.
      const run = (boundMillis: number): ProbeRun => {
        const startedAt = performance.now();
        let until = Number.POSITIVE_INFINITY;
        return {
          revokeAtNode: trial % 2,
          pauseMillis: 1,
          onAcknowledged: ({ receivedAt }) => {
            until = receivedAt + boundMillis + 200;
          },
          isEnough: (probes) => (probes.at(-1)?.sentAt ?? startedAt) > until,
        };
      };
      const [plain, slow] = await Promise.all([
        admittedPlain.revoke(run(stalenessLimitMillis)),
        admittedStrict.revoke(run(0)),
      ]);
      plainly.add(plain);
      strictly.add(slow);
      unstall();
      await realm.ready();
      expect(await realm.statusesOf(contestants[hybrid], plainVictim)).toEqual([401, 401, 401]);
      expect(await realm.statusesOf(contestants[strict], strictVictim)).toEqual([401, 401, 401]);
      expect(slow.revoke.receivedAt - slow.revoke.sentAt).toBeGreaterThan(stalenessLimitMillis);
    }
    printFigures('A node that hears of no event: its tail is held back, its beats are not', [strictly, plainly]);
    expect(strictly.violations).toEqual([]);
    expect(strictly.acknowledged).toBe(5);
    expect(plainly.violations).toEqual([]);
    // The judge does see who is let in after an acknowledgement: with this bound they would all be violations.
    expect(plainly.exposed).toBe(5);
    expect(plainly.longestWindowMillis).toBeGreaterThan(500);
  });
});
