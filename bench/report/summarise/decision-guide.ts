/** The decision guide: for each length of time that a revoked credential may live on, who keeps to it, and who of those costs least. */

import type { BarePoint, Exposure, PriceRelation } from './trade-off.ts';

export type DecisionGuide = readonly GuideRow[];

/** Needs with the same answer are one row; each begins where the one before ends. */
export interface GuideRow {
  /** The shortest need of the row; 0: at once. Null: it may live until it expires. */
  readonly needMillis: number | null;
  /** Where the next row begins, which is no part of this one; null: there is none, or it is that of the expiry. */
  readonly belowMillis: number | null;
  /** By what is published, also while Redis is away. */
  readonly promised: GuideChoice;
  /** By every undisturbed trial of this run. */
  readonly measured: GuideChoice;
}

export interface GuideChoice {
  /** Those that keep to the need. */
  readonly fitting: readonly string[];
  /** Of those, the ones that none of the others certainly undercuts; several when this run cannot tell. */
  readonly cheapest: readonly string[];
}

/** Round numbers that people ask for. */
const roundMillis = [0, 1, 10, 100, 1_000, 2_000, 5_000, 10_000, 60_000] as const;

/**
 * What fits a need fits every longer one: a row's answer is that of its shortest. Rows begin at round numbers and at the
 * published bounds, which are exact; what was seen is not.
 */
export function guideOf(points: readonly BarePoint[], relation: PriceRelation): DecisionGuide {
  const rows: Omit<GuideRow, 'belowMillis'>[] = [];
  for (const needMillis of needsOf(points)) {
    const row = {
      needMillis,
      promised: choose(points, relation, (exposure) => keeps(promisedMillis(exposure), needMillis)),
      measured: choose(points, relation, (exposure) => keeps(seenMillis(exposure), needMillis)),
    };
    const before = rows.at(-1);
    if (before === undefined || JSON.stringify(choices(before)) !== JSON.stringify(choices(row))) rows.push(row);
  }
  return rows.map((row, index) => ({
    needMillis: row.needMillis,
    belowMillis: rows[index + 1]?.needMillis ?? null,
    promised: row.promised,
    measured: row.measured,
  }));
}

/** In ascending order; that of the expiry last. */
function needsOf(points: readonly BarePoint[]): (number | null)[] {
  const bounds = points.map(({ exposure }) => promisedMillis(exposure)).filter(Number.isFinite);
  return [...[...new Set([...roundMillis, ...bounds])].toSorted((left, right) => left - right), null];
}

function choices({ promised, measured }: Pick<GuideRow, 'promised' | 'measured'>): unknown {
  return [promised, measured];
}

function keeps(millis: number, needMillis: number | null): boolean {
  return needMillis === null || millis <= needMillis;
}

function promisedMillis(exposure: Exposure): number {
  return exposure.kind === 'measured' ? exposure.boundMillis : Number.POSITIVE_INFINITY;
}

function seenMillis(exposure: Exposure): number {
  return exposure.kind === 'measured' ? exposure.longestMillis : Number.POSITIVE_INFINITY;
}

function choose(
  points: readonly BarePoint[],
  relation: PriceRelation,
  isFitting: (exposure: Exposure) => boolean,
): GuideChoice {
  const fitting = points.filter(({ exposure }) => isFitting(exposure)).map(({ contestant }) => contestant);
  const cheapest = fitting.filter((own) => !fitting.some((other) => relation(other, own) === 'costs less'));
  return { fitting, cheapest };
}
