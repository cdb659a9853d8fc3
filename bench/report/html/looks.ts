/** How each strategy looks, the same in every picture and table: its colour says whom a check asks, its shape who it is. */

import type { ContestantResults, Results } from '../summarise/results.ts';

/** Whom a check asks; strategies of one kind have shades of one colour. */
export type Hue = 'asks' | 'follows' | 'alone' | 'reference';

export const shapes = ['circle', 'square', 'triangle', 'diamond', 'down', 'cross'] as const;

export type Shape = (typeof shapes)[number];

export interface Look {
  readonly hue: Hue;
  /** A CSS variable: it follows light and dark. */
  readonly colour: string;
  readonly shape: Shape;
}

/** Shades of each colour in `style.ts`. */
export const shades = 4;

export const hueWords: Readonly<Record<Hue, string>> = {
  asks: 'asks Redis on every request',
  follows: 'asks its own memory, which is told what is revoked',
  alone: 'asks nobody: good until it expires',
  reference: 'checks nothing: the reference',
};

export type Looks = ReadonlyMap<string, Look>;

/** Names that a line might end in the middle of. */
export function hyphenated(looks: Looks): string[] {
  return [...looks.keys()].filter((name) => name.includes('-'));
}

/** In the order of the scenario, `none` first. */
export function looksOf({ contestants, sweep }: Pick<Results, 'contestants' | 'sweep'>): Looks {
  const all = sweep?.levels[0]?.contestants ?? contestants;
  const seen: Record<Hue, number> = { asks: 0, follows: 0, alone: 0, reference: 0 };
  return new Map(
    all.map((one) => {
      const hue = hueOf(one);
      const index = seen[hue];
      seen[hue] += 1;
      const shape = shapes[index % shapes.length] ?? 'circle';
      const colour = hue === 'reference' ? 'var(--reference)' : `var(--${hue}-${index % shades})`;
      return [one.contestant, { hue, colour, shape }];
    }),
  );
}

/** Somebody that the run ended too early to describe, too, is nobody's. */
const unknownLook: Look = { hue: 'reference', colour: 'var(--reference)', shape: 'circle' };

export function lookOf(looks: Looks, contestant: string | null): Look {
  return (contestant === null ? undefined : looks.get(contestant)) ?? unknownLook;
}

function hueOf({ description }: ContestantResults): Hue {
  if (description === null || description.bound === 'unbounded') return 'reference';
  if (description.bound === 'remaining-lifetime') return 'alone';
  return description.redisCommandsPerCheck >= 1 ? 'asks' : 'follows';
}

/** Within a square of side 2 around the origin, as SVG path data. */
export const shapePaths: Readonly<Record<Shape, string>> = {
  circle: 'M-1 0A1 1 0 1 1 1 0A1 1 0 1 1 -1 0Z',
  square: 'M-.88 -.88H.88V.88H-.88Z',
  triangle: 'M0 -1.1L1.1 .85H-1.1Z',
  diamond: 'M0 -1.2L1.2 0L0 1.2L-1.2 0Z',
  down: 'M0 1.1L1.1 -.85H-1.1Z',
  cross: 'M-.4 -1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4Z',
};

/** A small picture of the look beside a name; it says nothing that the name does not. */
export function swatch({ colour, shape }: Look): string {
  return `<svg class="swatch" viewBox="-1.4 -1.4 2.8 2.8" aria-hidden="true"><path d="${shapePaths[shape]}" fill="${colour}"/></svg>`;
}
