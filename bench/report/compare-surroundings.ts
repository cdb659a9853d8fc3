/** What differs between runs beside what is compared: where figures come from decides what a difference of them can say. */

import { backgroundsOf } from './background-words.ts';
import type { Results } from './summarise/results.ts';

export interface SurroundingFact {
  readonly kind: 'scenario' | 'setting' | 'library' | 'place' | 'run';
  readonly name: string;
  /** One for each run, in their order. */
  readonly values: readonly string[];
  /** Why a change of a figure may come from this; null where that is what one compares, or where it changes nothing. */
  readonly weakens: string | null;
}

interface Fact extends Omit<SurroundingFact, 'values'> {
  readonly told: (results: Results) => string;
}

const facts: readonly Fact[] = [
  {
    kind: 'scenario',
    name: 'scenario',
    told: ({ run }) => run.scenario.name,
    weakens: 'figures of one name were measured in different ways',
  },
  {
    kind: 'place',
    name: 'machine',
    told: ({ machine }) => machine.cpuModel,
    weakens: 'every time depends on it',
  },
  {
    kind: 'place',
    name: 'cores',
    told: ({ machine }) => String(machine.cores),
    weakens: 'server, generator and Redis share them',
  },
  {
    kind: 'place',
    name: 'pinning to cores',
    told: ({ machine: { pinning } }) =>
      pinning === null ? 'no' : `node ${pinning.node}; generator ${pinning.generator}; Redis ${pinning.redis}`,
    weakens: 'it decides who waits for whom',
  },
  {
    kind: 'place',
    name: 'the generator between answers',
    told: ({ machine: { generatorWaiting } }) => generatorWaiting ?? 'not told',
    weakens: 'a server pays for waking it',
  },
  {
    kind: 'place',
    name: 'system',
    told: ({ machine }) => machine.hostPlatform,
    weakens: 'sockets and timers are its own',
  },
  {
    kind: 'place',
    name: 'kernel',
    told: ({ machine }) => machine.kernelRelease,
    weakens: 'sockets and scheduling are its work',
  },
  { kind: 'place', name: 'Node', told: ({ machine }) => machine.nodeVersion, weakens: 'the server runs on it' },
  {
    kind: 'place',
    name: 'Redis',
    told: ({ redis }) => `${redis.server} ${redis.version}`,
    weakens: 'every look-up runs on it',
  },
  {
    kind: 'place',
    name: 'settings of Redis',
    told: ({ redis }) =>
      `maxmemory-policy ${redis.maxmemoryPolicy}, appendonly ${redis.appendonly}, appendfsync ${redis.appendfsync}`,
    weakens: 'they decide what a write costs',
  },
  {
    kind: 'place',
    name: 'how Redis was found',
    told: ({ redis }) => ({ url: 'address', binary: 'program', docker: 'container' })[redis.source],
    weakens: 'the way to it is part of every look-up',
  },
  {
    kind: 'run',
    name: 'what nodes do by themselves',
    told: (results) => (backgroundsOf(results).length > 0 ? 'taken off' : 'in the costs'),
    weakens: 'it is half a microsecond of a cost, or more on a slow machine',
  },
  {
    kind: 'run',
    name: 'authlab',
    told: ({ run }) => `${run.authlabVersion} ${run.commit ?? ''}`.trim(),
    weakens: null,
  },
  { kind: 'run', name: 'seed', told: ({ run }) => String(run.seed), weakens: null },
];

/** Those that are not the same in all runs: the scenario and its settings first, then what weakens, then the rest. */
export function surroundingsOf(runs: readonly Results[]): readonly SurroundingFact[] {
  const found = facts.map(({ told, ...fact }) => ({ ...fact, values: runs.map(told) }));
  const [scenario, ...others] = found;
  const all = [
    ...(scenario === undefined ? [] : [scenario]),
    ...settingsOf(runs),
    ...librariesOf(runs),
    ...others,
  ].filter(({ values }) => new Set(values).size > 1);
  return [...all.filter(({ weakens }) => weakens !== null), ...all.filter(({ weakens }) => weakens === null)];
}

/** What is told elsewhere, or makes no figure another. */
const ownFacts = ['name', 'question', 'seed', 'expect', 'hypotheses'];

const absent = 'not set';

function settingsOf(runs: readonly Results[]): SurroundingFact[] {
  const all = runs.map(({ run }) => {
    const settings = Object.entries(run.scenario).filter(([name]) => !ownFacts.includes(name));
    return new Map(settings.flatMap(([name, value]) => flattened(name, value)));
  });
  const names = [...new Set(all.flatMap((one) => [...one.keys()]))];
  return names.map((name) => ({
    kind: 'setting',
    name,
    values: all.map((one) => one.get(name) ?? absent),
    weakens: name === 'strategies' ? null : 'it decides how figures are measured',
  }));
}

function librariesOf(runs: readonly Results[]): SurroundingFact[] {
  const names = [...new Set(runs.flatMap(({ dependencies }) => Object.keys(dependencies)))];
  return names.map((name) => ({
    kind: 'library',
    name,
    values: runs.map(({ dependencies }) => dependencies[name] ?? absent),
    weakens: 'what is measured runs in it',
  }));
}

/** `throughput.rounds` and `8`; a list is one setting. */
function flattened(path: string, value: unknown): [string, string][] {
  if (Array.isArray(value)) {
    const isPlain = value.every((one) => typeof one !== 'object');
    return [[path, isPlain ? value.join(', ') : JSON.stringify(value)]];
  }
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [[path, String(value)]];
  return Object.entries(value).flatMap(([name, inner]) => flattened(`${path}.${name}`, inner));
}
