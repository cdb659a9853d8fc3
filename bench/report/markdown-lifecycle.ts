/** The report's sections on login, refresh and logout, and on roles that change meanwhile. */

import type { Interval } from '../statistics/interval.ts';
import type { Distribution } from '../statistics/quantiles.ts';
import { cellsOf } from './cells.ts';
import { type Block, escaped, section, table } from './document.ts';
import { counted, countedStatuses, duration, fixed, listed, withInterval } from './format.ts';
import { lifecyclePicture, roleChangePicture } from './pictures/lifecycle.ts';
import { measuredValue } from './summarise/figure.ts';
import { lifecycleOperations } from './summarise/lifecycle.ts';
import type { Results } from './summarise/results.ts';
import type { RoleChangeSummary, RoleChangeWay } from './summarise/role-change.ts';

/** Empty where the scenario does not ask for it. */
export function lifecycleSection({ measures: { lifecycle } }: Results): Block[] {
  if (lifecycle === null) return [];
  const rows = lifecycle.flatMap(({ contestant, operations }) =>
    lifecycleOperations
      .filter((operation) => !isInapplicable(operations[operation]))
      .map((operation) => [
        `${contestant}, ${operation}`,
        ...cellsOf(operations[operation], [
          (summary) => fixed(summary.operations, 0),
          ({ latencyMicros }) => microsAt(latencyMicros, 'p50'),
          ({ latencyMicros }) => microsAt(latencyMicros, 'p90'),
          ({ latencyMicros }) => microsAt(latencyMicros, 'p99'),
          ({ nodeCpuMicros }) => intervalText(nodeCpuMicros, 0),
          ({ redisCpuMicros }) => intervalText(redisCpuMicros, 0),
          ({ redisMessages }) => intervalText(redisMessages, 1),
          ({ redisCommands }) => intervalText(redisCommands, 1),
          ({ redisNetworkBytes }) => intervalText(redisNetworkBytes, 0),
        ]),
      ]),
  );
  return [
    section('Login, refresh, logout'),
    'One client after the other over one kept connection, on a node alone; latency is what the client sees. The costs are absolute, of one operation: mean over turns and 95 % interval, less what node and Redis spent in as long a stretch of rest after each turn. `none` is what the routes cost when they keep nothing. *Redis messages* are what the node sends: what it asks at the same time may arrive as one or as two, so that the round trips it waits for are at most as many. *Redis commands* counts those that a script calls.',
    lifecyclePicture(lifecycle),
    table(
      [
        'strategy, operation',
        'operations',
        'p50, µs',
        'p90',
        'p99',
        'node CPU, µs',
        'Redis CPU, µs',
        'Redis messages',
        'Redis commands',
        'Redis bytes',
      ],
      rows,
    ),
    'The lab compares passwords and does not hash them: a real login adds what its argon2 is set to cost, often more than all of this together. Every user logs in for the first time; each further node that follows the log reads every event once more.',
  ];
}

/** Empty where the scenario does not ask for it. */
export function roleChangeSection(results: Results): Block[] {
  const { roleChange } = results.measures;
  if (roleChange === null) return [];
  const asked = roleChange.filter(({ staleness }) => !isInapplicable(staleness));
  const rows = asked.map(({ contestant, staleness }) => [
    contestant,
    ...cellsOf(staleness, [
      ({ trials }) => fixed(trials, 0),
      wayText,
      ({ stalenessMillis }) => duration(stalenessMillis.p50),
      ({ stalenessMillis }) => duration(stalenessMillis.max),
      ({ oldRolesMillis }) => duration(oldRolesMillis.p50),
      ({ oldRolesMillis }) => duration(oldRolesMillis.max),
      ({ probeSpacingMillis }) => duration(probeSpacingMillis.p50),
    ]),
  ]);
  return [
    section('Changed roles'),
    'An administrator changes the roles of a user whose client asks every node all the time, and who renews the credential when it is refused. *New roles after*: from the acknowledgement of the change to the first request since which every node has answered with the new ones. *Old roles until*: to the last request that was answered with the old ones, 0 if none. *Resolution*: the longest gap between two requests around the change.',
    roleChangePicture(asked),
    table(
      [
        'strategy',
        'trials',
        'how they come',
        'new roles after p50',
        'max',
        'old roles until p50',
        'max',
        'resolution p50',
      ],
      rows,
    ),
    ...lifetimeLines(results),
    ...asked.flatMap(({ contestant, staleness }) => remarksOn(contestant, measuredValue(staleness))),
  ];
}

const wayWords: Readonly<Record<RoleChangeWay, string>> = {
  told: 'with the credential at hand',
  refused: 'by renewal, as the credential is refused at once',
  outlived: 'by renewal at the end of the credential',
};

/** The count of trials where they went different ways. */
function wayText({ ways, trials, renewedBy }: RoleChangeSummary): string {
  const taken = (['told', 'refused', 'outlived'] as const).filter((way) => ways[way] > 0);
  const words = taken.map((way) => `${wayWords[way]}${ways[way] === trials ? '' : ` (${ways[way]})`}`);
  return `${listed(words)}${renewedBy === null ? '' : `: ${renewedBy}`}`;
}

/** The measured time of an outlived credential is this run's choice; what carries over is the rule. */
function lifetimeLines({ measures, run: { scenario } }: Results): string[] {
  const outlived = (measures.roleChange ?? []).filter(
    ({ staleness }) => (measuredValue(staleness)?.ways.outlived ?? 0) > 0,
  );
  if (outlived.length === 0 || scenario.roleChange === undefined) return [];
  const names = listed(outlived.map(({ contestant }) => contestant));
  return [
    `Here the credentials of ${escaped(names)} live for ${counted(scenario.roleChange.credentialLifetimeSeconds, 'second')} (tokens a second of leeway more), so that their end can be waited for. Elsewhere the old roles last as long as what is left of the credential's lifetime there: with access tokens of 15 minutes up to 15 minutes and the leeway, unless the client refreshes earlier; with a session in a cookie until the next login.`,
  ];
}

function remarksOn(contestant: string, summary: RoleChangeSummary | null): string[] {
  if (summary === null) return [];
  const remarks = [
    ...(summary.trialsLeftOut === 0
      ? []
      : [`${counted(summary.trialsLeftOut, 'trial')} left out, in which not every node came to tell the new roles`]),
    ...(Object.keys(summary.otherStatuses).length === 0
      ? []
      : [`answers that tell nothing about roles: ${countedStatuses(summary.otherStatuses)}`]),
  ];
  return remarks.length === 0 ? [] : [`${escaped(contestant)}: ${remarks.join('; ')}.`];
}

function isInapplicable(figure: { readonly state: string; readonly reason?: string }): boolean {
  return figure.state === 'not-measured' && figure.reason === 'not-applicable';
}

function microsAt(distribution: Distribution, key: 'p50' | 'p90' | 'p99'): string {
  const micros = distribution[key];
  return micros === null ? '–' : fixed(micros, 0);
}

function intervalText(interval: Interval | null, digits: number): string {
  return interval === null ? '–' : withInterval(interval, digits);
}
