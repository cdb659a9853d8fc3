/** Strategies by family, as people compare them: a table, and below each row what the family cannot do. Knows traits, no names. */

import type { Traits } from '../../src/strategies/strategy.ts';

export interface NamedStrategy extends Traits {
  readonly name: string;
  /** Of the tokens it signs: `rs256`. */
  readonly algorithm?: string;
}

/** What the bounds are in numbers. */
export interface BoundLimits {
  readonly stalenessLimitMillis: number;
  readonly accessTokenLifetimeSeconds: number;
  readonly inactivityTimeoutSeconds: number;
  readonly leewaySeconds: number;
}

export interface FamilyRow {
  readonly traits: Traits;
  readonly algorithms: readonly string[];
  /** What may be added after a plus: a library, or a mode. */
  readonly parameters: readonly string[];
  /** Of parameters that are a way of using a library: what the library then does. */
  readonly usages: Readonly<Record<string, string>>;
}

/** In the order of the strategies; the traits are those of a family's first. */
export function familiesOf(strategies: readonly NamedStrategy[]): readonly FamilyRow[] {
  const byFamily = new Map<string, NamedStrategy[]>();
  for (const strategy of strategies) {
    byFamily.set(strategy.family, [...(byFamily.get(strategy.family) ?? []), strategy]);
  }
  return [...byFamily.values()].flatMap((members) => {
    const [traits] = members;
    if (traits === undefined) return [];
    const algorithms = members.flatMap(({ algorithm }) => algorithm ?? []);
    const parameters = members.flatMap(({ name }) => name.split('+').slice(1));
    const usages = Object.fromEntries(members.flatMap(usageOf));
    return [{ traits, algorithms: [...new Set(algorithms)], parameters: [...new Set(parameters)], usages }];
  });
}

/** The last parameter and what it stands for, where it is a way of using a library. */
function usageOf({ name, signature }: NamedStrategy): readonly (readonly [string, string])[] {
  const parameter = name.split('+').slice(1).at(-1);
  return parameter === undefined || signature?.usage === undefined ? [] : [[parameter, signature.usage]];
}

const width = 100;
const indent = '    ';

/** At most 100 columns wide. */
export function familiesText(families: readonly FamilyRow[], limits: BoundLimits): string {
  const heading = ['family', 'credential', 'state lives in', 'B: once revoked, refused', 'without Redis'];
  const rows = families.map(({ traits }) => rowOf(traits, limits));
  const widths = heading.map((_, column) => Math.max(...[heading, ...rows].map((row) => row[column]?.length ?? 0)));
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const lines = families.flatMap((family, index) => [
    lineOf(rows[index] ?? []),
    ...notesOf(family).flatMap((note) => wrapped(note)),
  ]);
  const { stalenessLimitMillis, accessTokenLifetimeSeconds, leewaySeconds } = limits;
  const legend =
    'B is the time after an acknowledged revocation from which no node accepts the credential. Here by default: ' +
    `S, the staleness limit, is ${durationText(stalenessLimitMillis / 1_000)}; access tokens live ` +
    `${durationText(accessTokenLifetimeSeconds)}, with a leeway of ${durationText(leewaySeconds)}. ` +
    'Rows are those of the security checklist, src/checklist, whose tests show each of these failures. ' +
    'A strategy is named family-algorithm+parameter; --json lists every one with all its traits.';
  const usages = Object.entries(Object.assign({}, ...families.map((family) => family.usages)) as FamilyRow['usages']);
  const ways = usages.flatMap(([parameter, usage]) => wrapped(`+${parameter}: the library ${usage}.`, ''));
  return `${[lineOf(heading), ...lines, '', ...wrapped(legend, ''), ...ways].join('\n')}\n`;
}

function rowOf(traits: Traits, limits: BoundLimits): readonly string[] {
  const { family, transport, stateLocation, withoutRedis } = traits;
  const short = withoutRedis === 'refuses after the staleness limit' ? 'refuses after S' : withoutRedis;
  return [family, transport, stateLocation, boundText(traits, limits), short];
}

function boundText({ bound, refresh }: Traits, limits: BoundLimits): string {
  const { stalenessLimitMillis, accessTokenLifetimeSeconds, inactivityTimeoutSeconds, leewaySeconds } = limits;
  switch (bound) {
    case 'zero':
      return 'at once';
    case 'staleness-limit':
      return `within S = ${durationText(stalenessLimitMillis / 1_000)}`;
    case 'remaining-lifetime':
      // Where nothing is refreshed the credential is the session.
      return refresh
        ? `when it expires: ${durationText(accessTokenLifetimeSeconds)} + ${durationText(leewaySeconds)}`
        : `when it expires: ${durationText(inactivityTimeoutSeconds)}`;
    case 'unbounded':
      return 'never: nothing is checked';
  }
}

function durationText(seconds: number): string {
  if (seconds >= 172_800 && seconds % 86_400 === 0) return `${seconds / 86_400} days`;
  if (seconds >= 60 && seconds % 60 === 0) return `${seconds / 60} min`;
  return `${seconds} s`;
}

function notesOf({ traits, algorithms, parameters }: FamilyRow): readonly string[] {
  const lacks = lacksOf(traits);
  return [
    ...(algorithms.length === 0 ? [] : [`algorithms: ${algorithms.join(' ')}`]),
    ...(parameters.length === 0 ? [] : [`parameters: ${parameters.map((name) => `+${name}`).join(' ')}`]),
    ...failuresOf(traits).map((failure) => `fails by design: ${failure}`),
    ...(lacks.length === 0 ? [] : [`costs: ${lacks.join('; ')}`]),
  ];
}

/** Each in its words, with the rows of the security checklist that these answer: `… (rows 54 56)`. */
function failuresOf({ failsByDesign }: Traits): readonly string[] {
  return [...new Set(failsByDesign.map(({ words }) => words))].map((words) => {
    const rows = failsByDesign.filter((failure) => failure.words === words).map(({ row }) => row);
    rows.sort((left, right) => left - right);
    return `${words} (${rows.length === 1 ? 'row' : 'rows'} ${rows.join(' ')})`;
  });
}

/** What a careful reader would want to know before choosing it, and no row of the checklist asks. */
function lacksOf({ rolesChange, redisCommandsPerCheck }: Traits): readonly string[] {
  const roles: Readonly<Record<Traits['rolesChange'], string | null>> = {
    'at-once': null,
    'within-the-staleness-limit': null,
    'at-once-by-refresh': 'changed roles refuse a token at once, and its refresh brings them',
    'at-the-next-refresh': 'changed roles count from the next refresh',
    'at-the-next-login': 'changed roles count from the next login',
    never: null,
  };
  const notes = [roles[rolesChange], redisCommandsPerCheck > 0 ? 'asks Redis on every request' : null];
  return notes.filter((note) => note !== null);
}

function wrapped(text: string, margin = indent): readonly string[] {
  const lines: string[] = [];
  let line = margin;
  for (const word of text.split(' ')) {
    if (line.length + word.length > width && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = margin === '' ? '' : `${margin}  `;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
