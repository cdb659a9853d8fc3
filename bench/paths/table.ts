/** The figures of all paths as text: one table a group. */

import type { PathResult } from './measure.ts';

export function pathTables(results: readonly PathResult[]): string {
  const groups = [...new Set(results.map(({ group }) => group))];
  return groups
    .map((group) =>
      tableOf(
        group,
        results.filter((result) => result.group === group),
      ),
    )
    .join('\n\n');
}

function tableOf(group: string, results: readonly PathResult[]): string {
  const rows = results.map(({ name, floor, micros, ratio }) => [
    name,
    `${inMicros(micros)} us`,
    against(name, floor, ratio),
  ]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(([name = '', time = '', ratio = '']) =>
    `  ${name.padEnd(widths[0] ?? 0)}  ${time.padStart(widths[1] ?? 0)}  ${ratio}`.trimEnd(),
  );
  return [group, ...lines].join('\n');
}

/** `1.84 (1.80 to 1.88) of node:crypto alone`: time by time, with the ends of the 95 % interval. */
function against(name: string, floor: string, ratio: PathResult['ratio']): string {
  if (name === floor || ratio === null) return '';
  const [estimate, low, high] = [ratio.estimate, ratio.low, ratio.high].map((value) => value.toPrecision(3));
  return `${estimate} (${low} to ${high}) of ${floor}`;
}

function inMicros(micros: number): string {
  return micros >= 100 ? micros.toFixed(0) : micros.toPrecision(3);
}
