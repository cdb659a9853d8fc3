/** The picture of revocation: what share of the trials was over when, beside the bare delivery of the same run. */

import type { RevocationCondition } from '../../record/run-events.ts';
import { counted, duration, fixed } from '../format.ts';
import { measuredValue } from '../summarise/figure.ts';
import type { ContestantResults, Results, RevocationSummary } from '../summarise/results.ts';
import type { Curve, CurvePanel, Picture } from './picture.ts';

interface Measured {
  readonly contestant: string;
  readonly summary: RevocationSummary;
}

/** Null where nothing was measured. */
export function revocationPicture({
  contestants,
  delivery,
}: Pick<Results, 'contestants' | 'delivery'>): Picture | null {
  const idle = measuredIn(contestants, 'idle');
  const loaded = measuredIn(contestants, 'loaded');
  const expiring = measuredIn(contestants, 'until-expiry');
  const panels = [
    ...panelsOf('idle', [...idle, ...expiring], idle, delivery.idle?.curve ?? []),
    ...panelsOf('loaded', loaded, loaded, delivery.loaded?.curve ?? []),
  ];
  if (panels.length === 0) return null;
  const errors = [...idle, ...loaded].map(({ summary }) => summary.curves.errorShare);
  const known = errors.length === 0 ? '' : ` Each curve is known to about ±${fixed(Math.max(...errors), 2)} (95 %).`;
  return {
    kind: 'picture',
    id: 'revocation',
    title: 'When the last node stopped accepting',
    caption: `The share of logouts that were over after so long, further left is sooner. *Latency* counts from sending the logout, *exposure* from its acknowledgement, and is *none* where nothing was accepted any more. The mark with its whisker is the median with its 95 % interval; dashed: the bare delivery of a message by Redis in this run, and credentials that last until they expire.${known}`,
    alternative: alternativeOf([
      ['idle', idle],
      ['loaded', loaded],
      ['until expiry', expiring],
    ]),
    chart: { kind: 'curves', panels },
  };
}

function measuredIn(contestants: readonly ContestantResults[], condition: RevocationCondition): Measured[] {
  return contestants.flatMap(({ contestant, revocation }) => {
    const summary = measuredValue(revocation[condition]);
    return summary === null ? [] : [{ contestant, summary }];
  });
}

function panelsOf(
  condition: string,
  latencies: readonly Measured[],
  exposures: readonly Measured[],
  delivery: readonly number[],
): CurvePanel[] {
  if (latencies.length === 0) return [];
  const y = { title: 'share of trials', scale: 'linear', unit: 'number', min: 0, max: 1 } as const;
  const bare = delivery.length === 0 ? [] : [deliveryCurve(delivery)];
  const bounds = [...new Set(exposures.flatMap(({ summary }) => summary.boundMillis ?? []))].filter(
    (bound) => bound > 0,
  );
  return [
    {
      title: `Latency, ${condition}`,
      x: { title: 'since the logout was sent', scale: 'log', unit: 'millis' },
      y,
      curves: [
        ...bare,
        ...latencies.map(({ contestant, summary }) =>
          curveOf(contestant, summary.curves.revocationLatencyMillis, summary.revocationLatencyMedianMillis, summary),
        ),
      ],
      marks: [],
    },
    ...(exposures.length === 0
      ? []
      : [
          {
            title: `Exposure, ${condition}`,
            x: { title: 'since it was acknowledged', scale: 'log', unit: 'millis', zero: 'none' },
            y,
            curves: [
              ...bare,
              ...exposures.map(({ contestant, summary }) =>
                curveOf(contestant, summary.curves.exposureMillis, summary.exposureMedianMillis, summary),
              ),
            ],
            marks: bounds.map((bound) => ({ at: bound, name: `bound ${duration(bound)}` })),
          } as const,
        ]),
  ];
}

function curveOf(
  contestant: string,
  millis: readonly number[],
  median: RevocationSummary['exposureMedianMillis'],
  { remainingLifetimeMillis }: RevocationSummary,
): Curve {
  const steps = stepsOf(millis);
  // The median stands once more, as the point that has an interval.
  const marked =
    median === null
      ? []
      : [
          {
            x: median.estimate,
            xLow: median.low ?? median.estimate,
            xHigh: median.high ?? median.estimate,
            estimate: 0.5,
            low: null,
            high: null,
          },
        ];
  return {
    contestant,
    name: contestant,
    form: 'steps',
    isDashed: remainingLifetimeMillis !== null,
    points: steps,
    marked,
  };
}

function deliveryCurve(millis: readonly number[]): Curve {
  return {
    contestant: null,
    name: 'bare delivery',
    form: 'steps',
    isDashed: true,
    points: stepsOf(millis),
    marked: [],
  };
}

/** From no share at all, upwards by one share for each. */
function stepsOf(millis: readonly number[]) {
  const [first] = millis;
  if (first === undefined) return [];
  const point = (x: number, estimate: number) => ({ x, estimate, low: null, high: null });
  return [point(first, 0), ...millis.map((x, index) => point(x, (index + 1) / millis.length))];
}

function alternativeOf(groups: readonly (readonly [string, readonly Measured[]])[]): string {
  const texts = groups.flatMap(([name, measured]) =>
    measured.map(
      ({ contestant, summary: { trials, revocationLatencyMillis: latency, exposureWindowMillis: exposure } }) => {
        const took =
          latency === null ? 'no latency' : `latency p50 ${duration(latency.p50)}, longest ${duration(latency.max)}`;
        const exposed =
          exposure === null || name === 'until expiry'
            ? ''
            : `, exposure p50 ${duration(exposure.p50)}, longest ${duration(exposure.max)}`;
        return `${contestant}, ${name}, ${counted(trials, 'trial')}: ${took}${exposed}`;
      },
    ),
  );
  return `${texts.join('; ')}.`;
}
