/** The pictures of login, refresh and logout, of roles that change, and of what sessions occupy. */

import type { Interval } from '../../statistics/interval.ts';
import type { Distribution } from '../../statistics/quantiles.ts';
import { duration, fixed } from '../format.ts';
import { type LifecycleResults, lifecycleOperations } from '../summarise/lifecycle.ts';
import type { RoleChangeResults } from '../summarise/role-change.ts';
import type { StateResults } from '../summarise/state.ts';
import { dotRow, dotsAlternative } from './dots.ts';
import type { Dot, DotChart, DotPanel, Picture } from './picture.ts';

const plain = { baseline: null, noise: null, limits: [] } as const;

export function lifecyclePicture(lifecycle: readonly LifecycleResults[]): Picture {
  const chart: DotChart = {
    kind: 'dots',
    rows: lifecycle.map(({ contestant }) => ({ contestant, title: contestant })),
    panels: lifecycleOperations.map(
      (operation): DotPanel => ({
        ...plain,
        title: `node CPU of a ${operation}, µs`,
        scale: 'linear',
        baseline: 0,
        rows: lifecycle.map(({ operations }) =>
          dotRow(operations[operation], ({ nodeCpuMicros }) =>
            nodeCpuMicros === null ? [] : [intervalDot(nodeCpuMicros, fixed(nodeCpuMicros.estimate, 0), 'µs')],
          ),
        ),
      }),
    ),
  };
  return {
    kind: 'picture',
    id: 'lifecycle',
    title: 'What login, refresh and logout cost the node',
    caption: 'Mean over turns and 95 % interval; further left is cheaper. Without the hashing of passwords.',
    alternative: dotsAlternative(chart),
    chart,
  };
}

export function roleChangePicture(changes: readonly RoleChangeResults[]): Picture {
  const chart: DotChart = {
    kind: 'dots',
    rows: changes.map(({ contestant }) => ({ contestant, title: contestant })),
    panels: [
      {
        ...plain,
        title: 'from the change to the new roles on every node, ms',
        scale: 'log',
        rows: changes.map(({ staleness }) => dotRow(staleness, ({ stalenessMillis }) => [rangeDot(stalenessMillis)])),
      },
    ],
  };
  return {
    kind: 'picture',
    id: 'roles',
    title: 'For how long old roles are told',
    caption: 'The median of the trials; the line reaches to the longest. Further left is sooner.',
    alternative: dotsAlternative(chart),
    chart,
  };
}

export function statePicture(state: readonly StateResults[]): Picture {
  const asked = state.filter(({ contestant }) => contestant !== 'none');
  const bytes = (title: string, read: (value: StateValue) => Interval | number | null): DotPanel => ({
    ...plain,
    title,
    scale: 'linear',
    baseline: 0,
    rows: asked.map(({ state: figure }) =>
      dotRow(figure, (value) => {
        const found = read(value);
        if (found === null) return [];
        const interval = typeof found === 'number' ? { estimate: found, low: found, high: found } : found;
        return [intervalDot(interval, fixed(interval.estimate, 0), 'bytes')];
      }),
    ),
  });
  const chart: DotChart = {
    kind: 'dots',
    rows: asked.map(({ contestant }) => ({ contestant, title: contestant })),
    panels: [
      bytes('Redis, per live session', (value) => value.redisBytesPerSession),
      bytes('Redis, per ended session', (value) => value.redisBytesPerEndedSession),
      bytes('node, per revocation', (value) => value.nodeBytesPerRevocation),
    ],
  };
  return {
    kind: 'picture',
    id: 'state',
    title: 'What sessions and revocations occupy, in bytes',
    caption: 'Counted in Redis; of the node the mean over starts and 95 % interval. Further left is less.',
    alternative: dotsAlternative(chart),
    chart,
  };
}

type StateValue = Extract<StateResults['state'], { state: 'measured' }>['value'];

function intervalDot({ estimate, low, high }: Interval, label: string, unit: string): Dot {
  const isExact = low === high;
  const ends = isExact ? '' : ` [${fixed(low, 0)}, ${fixed(high, 0)}]`;
  const isUnsure = low <= 0 && high >= 0 && !isExact;
  return {
    estimate,
    low: isExact ? null : low,
    high: isExact ? null : high,
    standing: isUnsure ? 'cannot-tell' : 'told',
    label,
    told: `${fixed(estimate, 0)}${ends} ${unit}`,
  };
}

function rangeDot({ p50, max }: Distribution): Dot {
  return {
    estimate: p50,
    low: p50,
    high: max,
    standing: 'told',
    label: duration(p50),
    told: `p50 ${duration(p50)}, longest ${duration(max)}`,
  };
}
