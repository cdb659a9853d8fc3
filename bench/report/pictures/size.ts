/** The picture of token sizes: bytes by what a user has, against the limits that a credential meets. */

import { counted, fixed } from '../format.ts';
import { measuredValue } from '../summarise/figure.ts';
import type { ContestantResults } from '../summarise/results.ts';
import type { SizeLimitResults } from '../summarise/size-limits.ts';
import { dotsAlternative } from './dots.ts';
import type { Dot, DotChart, DotRow, Picture } from './picture.ts';

/** Null where nothing was sized. */
export function sizePicture(
  contestants: readonly ContestantResults[],
  limits: SizeLimitResults | null,
): Picture | null {
  const sized = contestants.filter(({ tokenSize }) => tokenSize.state === 'measured');
  const profiles = [
    ...new Set(sized.flatMap((one) => (measuredValue(one.tokenSize) ?? []).map(({ claims }) => claims))),
  ];
  const refused = limits?.refusedLogins ?? [];
  const all = [...new Set([...profiles, ...refused.map(({ claims }) => claims)])];
  if (sized.length === 0 || profiles.length === 0) return null;
  const chart: DotChart = {
    kind: 'dots',
    rows: sized.map(({ contestant }) => ({ contestant, title: contestant })),
    panels: [
      {
        title: 'bytes of the credential in each request',
        scale: 'log',
        baseline: null,
        noise: null,
        limits: limitsOf(limits),
        rows: sized.map((own) => rowOf(own, all, refused)),
      },
    ],
  };
  return {
    kind: 'picture',
    id: 'size',
    title: 'How long a credential gets',
    caption: `One dot for each kind of user, from the fewest claims to the most: ${all.join(', ')}. Further left is shorter. Where no more than the first dots stand apart, the rest lie on one another.`,
    alternative: dotsAlternative(chart),
    chart,
  };
}

function limitsOf(limits: SizeLimitResults | null): { at: number; name: string }[] {
  const bytes = [...new Set((limits?.limits ?? []).map((limit) => limit.bytes))];
  // 8,190 and 8,192 are one line on any paper.
  const apart = bytes.filter((own) => !bytes.some((other) => other < own && own - other < 0.02 * own));
  return apart.map((at) => ({ at, name: fixed(at, 0) }));
}

function rowOf(
  { contestant, tokenSize }: ContestantResults,
  profiles: readonly string[],
  refused: SizeLimitResults['refusedLogins'],
): DotRow {
  const sizes = measuredValue(tokenSize) ?? [];
  const largest = Math.max(...sizes.map(({ requestHeaderBytes }) => requestHeaderBytes));
  const dots = profiles.flatMap((claims): Dot[] => {
    const size = sizes.find((one) => one.claims === claims);
    if (size === undefined) return [];
    const { requestHeaderBytes: bytes, fitsCookie } = size;
    return [
      {
        estimate: bytes,
        low: null,
        high: null,
        standing: fitsCookie ? 'told' : 'cannot-tell',
        label: bytes === largest && claims === lastOf(sizes, largest) ? fixed(bytes, 0) : '',
        told: `${claims} ${counted(bytes, 'byte')}${fitsCookie ? '' : ' (browsers drop its cookie)'}`,
      },
    ];
  });
  const lost = refused.filter((one) => one.contestant === contestant).map(({ claims }) => claims);
  if (dots.length === 0) return { dots, absence: 'no credential at all' };
  const last = dots.at(-1);
  if (lost.length === 0 || last === undefined) return { dots, absence: '' };
  const ended = {
    ...last,
    label: `${last.label}, none for ${lost.join(', ')}`,
    told: `${last.told}, no credential for ${lost.join(', ')}`,
  };
  return { dots: [...dots.slice(0, -1), ended], absence: '' };
}

function lastOf(sizes: readonly { readonly claims: string; readonly requestHeaderBytes: number }[], bytes: number) {
  return sizes.findLast(({ requestHeaderBytes }) => requestHeaderBytes === bytes)?.claims;
}
