/** Random histories on a terminal: a line each, and the story of every broken promise. */

import { storyTitle } from './chaos-words.ts';
import { wrapped } from './format.ts';
import type { ChaosResults } from './summarise/chaos.ts';

const width = 80;
/** Of a run of many histories: enough to begin with; the report has all. */
const storiesShown = 5;

/** The first line is the heading; empty when there were none. */
export function chaosLines(chaos: readonly ChaosResults[] | null): string[] {
  if (chaos === null || chaos.length === 0) return [];
  const stories = chaos.flatMap(({ seed, violations }) => violations.map((story) => ({ seed, story })));
  return [
    `${'seed'.padStart(10)} ${'requests'.padStart(9)} ${'unknown'.padStart(8)} ${'faults'.padStart(7)} violations`,
    ...chaos.map(lineOf),
    ...stories
      .slice(0, storiesShown)
      .flatMap(({ seed, story }) => [
        ...wrapped(`seed ${seed}, ${storyTitle(story)}`, width),
        ...story.timeline.flatMap(({ atMillis, text }) =>
          wrapped(text, width - 12).map(
            (line, index) => `${index === 0 ? `${atMillis}`.padStart(10) : ' '.repeat(10)}  ${line}`,
          ),
        ),
      ]),
    ...(stories.length > storiesShown ? [`${stories.length - storiesShown} more of them: see the report`] : []),
  ];
}

function lineOf({ seed, requests, unknownOutcomes, faults, violations }: ChaosResults): string {
  const [first, second, third, fourth] = [seed, requests, unknownOutcomes, faults.length].map(String);
  return `${first?.padStart(10)} ${second?.padStart(9)} ${third?.padStart(8)} ${fourth?.padStart(7)} ${violations.length}`;
}
