/** The shapes of what is recorded of faults, attacks, mistakes and random histories. */

import { z } from 'zod';
import { scenarioSchema } from '../scenario/schema.ts';
import { contestant, event, flag, list, number, numbers, text } from './shapes.ts';

const { faults, attacks, chaos, mistakes } = scenarioSchema.shape;
const fault = faults.unwrap().shape.inflicted.element;
const group = attacks.unwrap().shape.groups.unwrap().element;
const mistake = mistakes.unwrap().shape.tried.unwrap().element;
const topology = chaos.unwrap().shape.topology.unwrap();
const chaosFault = chaos.unwrap().shape.faults.unwrap().element;

const window = z.object({ millis: number, ended: flag }).nullable();
const outcomes = [
  z.object({ kind: z.literal('blocked') }),
  z.object({ kind: z.literal('open'), window, boundMillis: number }),
  z.object({ kind: z.literal('open-by-design'), window, reason: text.exactOptional() }),
  z.object({ kind: z.literal('unproven') }),
] as const;
const notApplicable = z.object({ kind: z.literal('not-applicable'), reason: text });

const tried = {
  deed: text,
  question: text,
  source: text,
  variant: z.enum(['broken', 'right']),
  contestant,
  evidence: text,
};

const streak = z.object({ status: number, count: number, firstMillis: number, lastMillis: number });
const nodeAnswers = z.object({
  node: number,
  streaks: list(streak),
  longestMillis: number,
  longestWhileStoppedMillis: number.nullable(),
  longestGapMillis: number,
});
const logout = z.object({ node: number, sentMillis: number, answeredMillis: number, status: number, waited: flag });
const credential = z.object({
  part: z.enum(['valid', 'revoked-before', 'revoked-during']),
  logout: logout.nullable(),
  answers: list(nodeAnswers),
  final: numbers,
  refreshStatus: number.nullable(),
});

const chaosContestant = z.object({
  name: text,
  boundMillis: number.nullable(),
  looksUp: flag,
  hasRecord: flag,
  follows: flag,
  isSigned: flag,
  refreshes: flag,
  endsAllTokens: flag,
  rolesChange: z.enum(['at-once', 'within-the-staleness-limit', 'at-once-by-refresh', 'later']),
});
const stretch = z.object({ node: number, fromMillis: number, toMillis: number });
const exchange = z.object({
  kind: z.enum([
    'login',
    'probe',
    'stray',
    'refresh',
    'replay',
    'logout',
    'logout-all',
    'revoke',
    'roles',
    'rotate',
    'last-word',
  ]),
  contestant: number,
  user: number,
  session: number,
  generation: number,
  node: number,
  sentMillis: number,
  answeredMillis: number,
  status: number,
  gained: z.object({ generation: number, refreshToken: number, key: number.nullable() }).exactOptional(),
  roles: number.exactOptional(),
});

export const faultSchemas = {
  FaultInflicted: event('FaultInflicted', {
    fault,
    trial: number,
    title: text,
    deed: text,
    source: text,
    redis: z.object({
      topology: z.enum(['one', 'sentinel', 'cluster']),
      replicas: number,
      appendfsync: z.enum(['everysec', 'always']),
    }),
    befalls: z.enum(['redis', 'first-node']),
    nodes: number,
    concession: text.nullable(),
    deadlineMillis: number,
    machineMillis: number,
    stoodMillis: number,
    endingMillis: number,
    endedMillis: number,
    watchedMillis: number,
  }),
  FaultObserved: event('FaultObserved', {
    fault,
    trial: number,
    contestant,
    boundMillis: number.nullable(),
    promises: z.object({ refusesRevoked: flag, losesNothing: flag, keepsValid: flag }),
    credentials: list(credential),
    newcomer: z.object({ logins: number, acceptedMillis: number.nullable() }),
  }),
  FaultNotRun: event('FaultNotRun', { fault, trial: number, title: text, deed: text, source: text, reason: text }),
  MistakeTried: event('MistakeTried', { mistake, ...tried, outcome: z.union(outcomes) }),
  AttackTried: event('AttackTried', {
    attack: text,
    group,
    title: text,
    ...tried,
    outcome: z.union([...outcomes, notApplicable]),
  }),
  ChaosPerformed: event('ChaosPerformed', {
    seed: number,
    topology,
    replicas: number,
    nodes: number,
    stalenessLimitMillis: number,
    accessTokenLifetimeMillis: number,
    deadlineMillis: number,
    refreshGraceMillis: number,
    contestants: list(chaosContestant),
    faults: list(
      z.object({
        fault: chaosFault,
        title: text,
        node: number.nullable(),
        fromMillis: number,
        toMillis: number,
        deposes: flag,
      }),
    ),
    standstills: list(stretch),
    delays: list(stretch),
    settledMillis: number.nullable(),
    finalMillis: number,
    exchanges: list(exchange),
  }),
};
