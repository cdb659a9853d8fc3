/** The decision guide: for each length of time that a revoked credential may live on, who keeps to it, and who of those costs least. */

import type { BarePoint, Exposure, PriceRelation } from './trade-off.ts';

export type DecisionGuide = readonly GuideRow[];

/** Needs with the same answer are one row. */
export interface GuideRow {
  /** From this need to the next row's; 0: at once. Null: it may live until it expires. */
  readonly needMillis: number | null;
  /** The longest need of the row; the same as `needMillis` when there is but one. */
  readonly upToMillis: number | null;
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
const needsMillis: readonly (number | null)[] = [0, 1, 10, 100, 1_000, 2_000, 5_000, 10_000, 60_000, null];

export function guideOf(points: readonly BarePoint[], relation: PriceRelation): DecisionGuide {
  const rows: GuideRow[] = [];
  for (const needMillis of needsMillis) {
    const row = {
      needMillis,
      upToMillis: needMillis,
      promised: choose(points, relation, (exposure) => keeps(promisedMillis(exposure), needMillis)),
      measured: choose(points, relation, (exposure) => keeps(seenMillis(exposure), needMillis)),
    };
    const before = rows.at(-1);
    const isSame = before !== undefined && JSON.stringify(choices(before)) === JSON.stringify(choices(row));
    // That nothing changes until it expires is worth a row of its own only where something does.
    if (isSame) rows.splice(-1, 1, { ...before, upToMillis: needMillis });
    else rows.push(row);
  }
  return rows;
}

function choices({ promised, measured }: GuideRow): unknown {
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
