/** What stands around the figures: what was compared, the machine, the method, and what the run does not show. */

import { familyErrorShare } from '../statistics/comparison.ts';
import { confidence } from '../statistics/interval.ts';
import { processSpread } from '../statistics/process-spread.ts';
import { limits } from '../statistics/warnings.ts';
import { backgroundText } from './background-words.ts';
import { type Block, escaped, list, section, table } from './document.ts';
import { counted, fixed, listed } from './format.ts';
import type { ContestantResults, Results } from './summarise/results.ts';

const bounds = {
  zero: 'at once',
  'staleness-limit': 'within the staleness limit',
  'remaining-lifetime': 'not before expiry',
  unbounded: 'never: nothing is checked',
} as const;

/** Parity: what each contestant declares and what it was built from. */
export function paritySection({ contestants, dependencies, measures }: Results): Block[] {
  const described = contestants.flatMap(({ contestant, description }) =>
    description === null ? [] : [{ contestant, ...description }],
  );
  if (described.length === 0) return [];
  const rows = described.map((one) => [
    one.contestant,
    one.stateLocation,
    one.transport,
    signatureText(one.signature),
    String(one.redisCommandsPerCheck),
    bounds[one.bound],
  ]);
  const versions = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
  return [
    section('What was compared'),
    table(
      ['strategy', 'state consulted', 'travels as', 'signature', 'Redis commands declared', 'a logout takes effect'],
      rows,
      'texts',
    ),
    ...tokenCacheLines(measures.tokenCaches),
    ...(versions.length === 0 ? [] : [`Versions: ${escaped(listed(versions))}.`]),
  ];
}

/** What a cache was worth here; another choice of tokens gives another. */
function tokenCacheLines(caches: Results['measures']['tokenCaches']): string[] {
  if (caches.length === 0) return [];
  const shares = caches.map(({ contestant, hitShare }) => `${contestant} ${fixed(hitShare, 3)}`);
  return [`Tokens that a cache had, of all that were looked up in the windows: ${escaped(listed(shares))}.`];
}

function signatureText(signature: NonNullable<ContestantResults['description']>['signature']): string {
  if (signature === null) return 'none';
  const { algorithm, keyBits, library, libraryVersion, usage } = signature;
  const way = usage === undefined ? '' : `, which ${usage}`;
  return `${algorithm}, ${fixed(keyBits, 0)} bits, ${library} ${libraryVersion}${way}`;
}

export function machineSection({ machine, redis }: Results): Block[] {
  const { pinning } = machine;
  const pinned =
    pinning === null
      ? 'Nothing was pinned to cores.'
      : `Pinned to cores: node ${pinning.node.join(', ')}; generator ${pinning.generator.join(', ')}; Redis ${pinning.redis.join(', ')}.${waitingText(machine)}`;
  const source = { url: 'at a given address', binary: 'a program on this machine', docker: 'in a container' };
  return [
    section('The machine'),
    `${escaped(machine.cpuModel)}, ${counted(machine.cores, 'core')}, ${fixed(machine.memoryBytes / 2 ** 30, 1)} GiB, ${escaped(machine.hostPlatform)}, kernel ${escaped(machine.kernelRelease)}, Node ${escaped(machine.nodeVersion)}. Load average when the run began: ${fixed(machine.loadAverage, 2)}. ${pinned}`,
    `${escaped(redis.server)} ${escaped(redis.version)}, ${source[redis.source]}; maxmemory-policy ${escaped(redis.maxmemoryPolicy)}, appendonly ${escaped(redis.appendonly)}, appendfsync ${escaped(redis.appendfsync)}.`,
  ];
}

const waitingWords = {
  asleep: ' While contestant and reference take turns the generator sleeps between answers.',
  awake: ' While contestant and reference take turns the generator stays awake between answers.',
  'awake-giving-way':
    ' While contestant and reference take turns the generator stays awake between answers, at a priority at which Redis has the core whenever it wants it.',
} as const;

/** Nothing of older records. */
function waitingText({ generatorWaiting }: Results['machine']): string {
  return generatorWaiting === undefined ? '' : waitingWords[generatorWaiting];
}

export function methodSection(results: Results): Block[] {
  const { run } = results;
  const { scenario } = run;
  const { throughput, revocation, mistakes, faults, attacks } = scenario;
  const lines = [
    ...(throughput === undefined
      ? []
      : [
          `Load: ${counted(throughput.rounds, 'round')}; in each, every contestant once, in a seeded random order (seed ${run.seed}), beside \`none\`, which is sent the contestant's very bytes: the two take turns in slices of ${fixed(throughput.sliceMillis, 0)} ms, ${fixed(throughput.windowMillis, 0)} ms of each, so that a machine that is slow for a moment is slow for both; which of the two begins is random and balanced. ${scenario.sweep?.factor === 'connections' ? 'As many connections as the level says' : counted(throughput.connections, 'connection')}, ${credentialsText(run)}, in rotation.`,
          `Statistics: means over pairs (differences of cost, logarithms of ratios) without the extreme fifth at each end, with their t intervals (Tukey and McLaughlin), ${fixed(confidence, 2)} intervals, one at a time. Verdicts are corrected over all comparisons of the run (Holm, ${fixed(familyErrorShare, 2)}) and must exceed the noise floor (those on the CPU of node and Redis together are a family of their own), so that an interval may exclude "no difference" and the verdict still be *cannot tell*. The number of rounds was fixed beforehand.`,
          `Processes that do the same differ by about ${fixed(100 * processSpread, 0)} % (standard deviation, as measured elsewhere), which no number of rounds of one process shows: it is part of every interval here. Each contestant, and the reference beside it, had ${throughput.processes === 1 ? 'one process' : `${fixed(throughput.processes, 0)} processes, one after the other`}.`,
          ...[backgroundText(results)].filter((text) => text !== ''),
          `Nodes run with \`--no-memory-reducer\`: V8 would otherwise drop optimised code a hundred seconds after it last collected, in the middle of a measurement, and processes that did the same until then differ by up to a tenth afterwards.`,
          `Only windows in which every answer was 200 count. Throughput is void when the generator's event loop was busy for more than ${fixed(limits.saturationShare, 2)} of the time, or the server's for less; CPU per request depends on neither.`,
        ]),
    ...(revocation === undefined
      ? []
      : [
          `Revocation: ${counted(revocation.nodes, 'node')} behind one Redis, asked by a prober that is not the load generator; beat every ${fixed(scenario.beatIntervalMillis, 0)} ms, staleness limit ${fixed(scenario.stalenessLimitMillis, 0)} ms. One request accepted beyond the published bound makes the run invalid.`,
        ]),
    ...(mistakes === undefined
      ? []
      : [
          `Mistakes: the broken variants share a process, the strategies a node of their own; all are attacked over HTTP, at the same time and in the same way. Access tokens live ${counted(mistakes.accessTokenLifetimeSeconds, 'second')}, so that their end can be waited for; a window is from the moment at which a credential should have been refused to the last accepted request sent after it. A broken variant that is not caught, a strategy that is, and an attack that proves nothing make the run invalid.`,
        ]),
    ...(attacks === undefined
      ? []
      : [
          `Attacks: over HTTP, on all strategies at the same time, each try with users and addresses of its own. Before and after it the server must let a genuine login in and refuse a request without a credential or with a spoilt one; each attack must get through a server that is broken for it on purpose. The lab has given the nodes their signing keys, so that a forged token can be wrong in one thing alone. Access tokens live ${counted(attacks.accessTokenLifetimeSeconds, 'second')} and a second of leeway. A window is measured by asking with the credential again and again, some milliseconds apart, from the moment at which it should have been refused to the last accepted request sent after it. Attacks on logins meet hashed passwords (argon2id) and limits; the lab stands for the proxy that tells where a request comes from. What gets through is scored, and the report says so first.`,
        ]),
    ...(faults === undefined
      ? []
      : [
          `Faults: real processes and real links, ${counted(faults.nodes, 'node')} that serve all strategies; beat every ${fixed(scenario.beatIntervalMillis, 0)} ms, staleness limit ${fixed(scenario.stalenessLimitMillis, 0)} ms. A request counts from the moment it was sent; one that reached a node while that was stopped, from when it went on. What is accepted too late is scored, and makes no run invalid; where the configuration promises that it cannot happen, the report says so first.`,
        ]),
  ];
  return lines.length === 0 ? [] : [section('The method'), list(lines)];
}

/** Look-ups that are asked for together cost less each; and answers that leave together wake a sleeping client once. */
function batchingText({ run: { scenario }, machine, contestants }: Results): string {
  const asks = contestants.some(({ description }) => (description?.redisCommandsPerCheck ?? 0) > 0);
  if (scenario.throughput === undefined || !asks) return '';
  const many =
    scenario.sweep?.factor === 'connections' ? '' : ` ${counted(scenario.throughput.connections, 'connection')} here;`;
  const asleep =
    machine.generatorWaiting === 'asleep'
      ? ' The generator slept between answers, and a server pays for waking it: for answers that leave one by one more than for those that leave together, after a look-up. So a look-up may seem to cost less than nothing.'
      : '';
  return `Other loads. What is asked of Redis in one turn of the event loop is one write, and comes back together:${many} the fewer ask at once, the dearer is each look-up (\`scenarios/look-ups.yaml\`).${asleep}`;
}

export function limitsSection(results: Results): Block[] {
  const { run, machine, redis } = results;
  const { scenario } = run;
  return [
    section('What this does not show'),
    list([
      ...(scenario.sweep?.factor === 'added-rtt-millis' || scenario.addedRttMillis !== undefined
        ? ['Other networks. The link adds time, evenly; a real network also loses, and is late by turns.']
        : [
            redis.source === 'url'
              ? 'Other distances. A look-up here pays the way to the Redis that was given, which was not measured by itself.'
              : 'Distance. Server, Redis and clients share one machine: a look-up here pays no network, and a real one pays its round trip on every request.',
          ]),
      'Other implementations. These are figures of these libraries in Node, not of an idea in every language.',
      ...(scenario.throughput === undefined
        ? []
        : [
            'Latency at a given arrival rate. The load is a closed loop: it slows down with the server.',
            'Logins, refreshes and logouts under load, memory, and the state in Redis. Only the check of a request is measured.',
            ...[batchingText(results)].filter((text) => text !== ''),
          ]),
      ...(scenario.revocation === undefined
        ? []
        : [
            'Rare events. A bound that held in these trials may still break once in more of them; Redis failing over, clocks jumping and partitions are no part of this run.',
          ]),
      ...(scenario.tokenSize === undefined
        ? []
        : ['Other claims. A token with more or longer claims is longer; only the profiles in the table were sized.']),
      ...(scenario.mistakes === undefined
        ? []
        : [
            'Other attacks. A mistake is tried in the ways that made it known; that these were blocked says nothing of the ones that nobody tried.',
          ]),
      ...(scenario.attacks === undefined
        ? []
        : [
            'Attacks that nobody has thought of. *Blocked* says that this attack, in these spellings, got nothing; it is no proof that there is no way in.',
          ]),
      ...(scenario.faults === undefined
        ? []
        : [
            'Other faults, and the same ones at other moments. Each was inflicted as often as it says, at a moment of its own; what did not happen then may still happen.',
          ]),
      `Other machines. ${counted(machine.cores, 'core')} of ${escaped(machine.cpuModel)} on one day; run it on yours.`,
    ]),
  ];
}

/** How many, and how they came to be. */
function credentialsText({ scenario, bulkCredentials }: Results['run']): string {
  const isSwept = scenario.sweep?.factor === 'credentials';
  const count = isSwept
    ? 'As many distinct credentials as the level says'
    : counted(scenario.credentials, 'distinct credential');
  const bulk =
    bulkCredentials === 0
      ? ''
      : `, up to ${fixed(bulkCredentials, 0)} of a strategy's issued in bulk by the server's own code, without a connection for each`;
  return `${count} by real logins${bulk}`;
}
