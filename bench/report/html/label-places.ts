/** Where the names beside dots stand, so that they lie on nothing that has been drawn. */

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Pixels. */
export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** Of itself: names should not lie on them either, but rather on one of these than on a name or a dot. */
  readonly whiskers: readonly Box[];
}

/** As a label of ECharts has it; `align` is about the dot where it stands above or below. */
export interface LabelPlace {
  readonly position: 'left' | 'right' | 'top' | 'bottom';
  readonly align: 'left' | 'right' | 'center';
}

const fontPixels = 12;
/** Of a letter at that size in the widest of the usual fonts. */
const letterPixels = 7;
/** From the middle of a dot to its name, and to its edge. */
const gapPixels = 14;
const dotPixels = 8;

/** In the order in which a reader expects them. */
const places: readonly LabelPlace[] = [
  { position: 'right', align: 'left' },
  { position: 'left', align: 'right' },
  { position: 'bottom', align: 'center' },
  { position: 'top', align: 'center' },
  { position: 'bottom', align: 'left' },
  { position: 'bottom', align: 'right' },
  { position: 'top', align: 'left' },
  { position: 'top', align: 'right' },
];

/** What it costs to lie on something, by pixel of area; and to be later in the list, at most. */
const costs = { outside: 50, name: 20, dot: 10, whisker: 2, lateness: 40 } as const;

/** How often every name may look for a better place once all others have one. */
const passes = 3;

/** One for each dot: each in turn takes the place where it lies on least, some times over. */
export function labelPlaces(dots: readonly Dot[], within: Box): LabelPlace[] {
  const taken: (LabelPlace | null)[] = dots.map(() => null);
  const boxes: (Box | null)[] = dots.map(() => null);
  for (let pass = 0; pass < passes; pass += 1) {
    dots.forEach((dot, index) => {
      const others = boxes.filter((box, other): box is Box => other !== index && box !== null);
      const costsOf = places.map((place, rank) => costOf(boxOf(dot, place), dots, others, within) + rank * rankCost);
      const best = places[costsOf.indexOf(Math.min(...costsOf))] ?? firstPlace;
      taken[index] = best;
      boxes[index] = boxOf(dot, best);
    });
  }
  return taken.map((place) => place ?? firstPlace);
}

const firstPlace: LabelPlace = { position: 'right', align: 'left' };
const rankCost = costs.lateness / places.length;

/** What the text would cover. */
export function boxOf({ x, y, text }: Dot, { position, align }: LabelPlace): Box {
  const width = text.length * letterPixels;
  if (position === 'left' || position === 'right') {
    const left = position === 'right' ? x + gapPixels : x - gapPixels - width;
    return { left, right: left + width, top: y - fontPixels / 2, bottom: y + fontPixels / 2 };
  }
  const left = align === 'center' ? x - width / 2 : align === 'left' ? x : x - width;
  const top = position === 'top' ? y - gapPixels - fontPixels : y + gapPixels;
  return { left, right: left + width, top, bottom: top + fontPixels };
}

function costOf(box: Box, dots: readonly Dot[], names: readonly Box[], within: Box): number {
  const area = (box.right - box.left) * (box.bottom - box.top);
  const sumOver = (others: readonly Box[]) => others.reduce((sum, other) => sum + overlap(box, other), 0);
  return (
    costs.outside * (area - overlap(box, within)) +
    costs.name * sumOver(names) +
    costs.dot * sumOver(dots.map(dotBox)) +
    costs.whisker * sumOver(dots.flatMap(({ whiskers }) => whiskers))
  );
}

function dotBox({ x, y }: Dot): Box {
  return { left: x - dotPixels, right: x + dotPixels, top: y - dotPixels, bottom: y + dotPixels };
}

function overlap(one: Box, other: Box): number {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return width > 0 && height > 0 ? width * height : 0;
}
