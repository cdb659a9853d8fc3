/** Pictures as data: what is drawn and what is told to those who cannot see it. How it looks is the renderer's. */

export interface Picture {
  readonly kind: 'picture';
  /** Unique in a report; part of the ids in its drawing. */
  readonly id: string;
  /** What the picture shows, as a sentence without a full stop. */
  readonly title: string;
  /** How to read it. Markup. */
  readonly caption: string;
  /** The same figures in words, for those who hear the report. */
  readonly alternative: string;
  readonly chart: Chart;
}

export type Chart = DotChart | CurveChart | MapChart;

/** How sure a mark is, which is drawn: filled, hollow, or grey. */
export type Standing =
  /** The run can tell. */
  | 'told'
  /** The run cannot tell it from what it is compared with. */
  | 'cannot-tell'
  /** Not on the frontier. */
  | 'dominated';

/** An estimate with the ends of its interval; null where there is none. */
export interface Reach {
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** A row for each strategy, panels side by side over the same rows. */
export interface DotChart {
  readonly kind: 'dots';
  /** From top to bottom. `contestant` gives the colour. */
  readonly rows: readonly { readonly contestant: string; readonly title: string }[];
  readonly panels: readonly DotPanel[];
}

export interface DotPanel {
  readonly title: string;
  readonly scale: 'linear' | 'log';
  /** Where there is no difference: 0, or 1 for a ratio; null where there is no such place. */
  readonly baseline: number | null;
  /** Differences in here are noise. */
  readonly noise: { readonly low: number; readonly high: number } | null;
  /** Limits, named. */
  readonly limits: readonly { readonly at: number; readonly name: string }[];
  /** As many as there are rows. */
  readonly rows: readonly DotRow[];
}

export interface DotRow {
  readonly dots: readonly Dot[];
  /** Stands where there is no dot: `void`, `not reached`, `none`. Empty when there is one. */
  readonly absence: string;
}

export interface Dot extends Reach {
  readonly standing: Standing;
  /** Beside the dot; empty for none. */
  readonly label: string;
  /** The whole figure in words. */
  readonly told: string;
}

/** Curves over one axis, in panels of their own. */
export interface CurveChart {
  readonly kind: 'curves';
  readonly panels: readonly CurvePanel[];
}

export interface CurvePanel {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly curves: readonly Curve[];
  /** Across the panel at a place of the x axis, named. */
  readonly marks: readonly { readonly at: number; readonly name: string }[];
}

export interface Axis {
  readonly title: string;
  readonly scale: 'linear' | 'log';
  /** Instead of numbers: what stands at 0, 1, 2 ... */
  readonly names?: readonly string[];
  /** Told as times: 412 µs, 1.2 ms; else as plain numbers. */
  readonly unit: 'millis' | 'micros' | 'number';
  readonly min?: number;
  readonly max?: number;
  /** What stands where a logarithmic axis has its zero, apart from the others; absent where there is none. */
  readonly zero?: string;
}

export interface Curve {
  /** Gives the colour; null: nobody's. */
  readonly contestant: string | null;
  readonly name: string;
  /** Steps from point to point (a distribution) or straight lines. */
  readonly form: 'steps' | 'lines';
  readonly isDashed: boolean;
  readonly points: readonly CurvePoint[];
  /** With their intervals and the mark of the strategy, where the points of the curve have none. */
  readonly marked?: readonly CurvePoint[];
}

export interface CurvePoint extends Reach {
  readonly x: number;
  /** Ends of an interval along x, where the x is the estimate. */
  readonly xLow?: number | null;
  readonly xHigh?: number | null;
}

/** Two measures against each other: what is paid upwards, what is risked to the right. */
export interface MapChart {
  readonly kind: 'map';
  readonly y: Axis;
  readonly x: Axis;
  readonly points: readonly MapPoint[];
  /** The contestants along the frontier, from the left to the right. */
  readonly frontier: readonly string[];
  readonly noise: { readonly low: number; readonly high: number } | null;
  /** What `until it expires`, which is beyond the axis, was cut to here, milliseconds; null where nobody waited for it. */
  readonly expiryMillis: number | null;
}

/** `never`: nothing was seen, so that there is no place on a logarithmic axis; `until-expiry`: beyond the axis. */
export type MapPlace = Reach | 'never' | 'until-expiry';

export interface MapPoint {
  readonly contestant: string;
  readonly place: MapPlace;
  /** The longest that was seen, and what is published; null where the place says it all. */
  readonly longest: number | null;
  readonly bound: number | null;
  readonly y: Reach;
  readonly standing: Standing;
}
