/** The table "JWT vs sessions" in the report: every row as measured, and the rules by which *best for* follows from it. */

import { type Block, list, section, table } from './document.ts';
import { duration, ends, fixed, listed } from './format.ts';
import {
  type FolkloreLine,
  type Need,
  needs,
  noLookUpBelow,
  type Scalability,
  type ServerState,
} from './summarise/folklore.ts';
import type { Results } from './summarise/results.ts';
import type { Exposure } from './summarise/trade-off.ts';

const notMeasured = 'not measured';

/** Empty where the scenario puts no row of the table to the test. */
export function folkloreSection({ folklore }: Pick<Results, 'folklore'>): Block[] {
  if (folklore === null) return [];
  return [
    section('JWT vs sessions, as measured'),
    table(
      ['strategy', 'server state', 'scalability', 'revocation', 'token size', 'best for'],
      folklore.map((line) => [
        line.contestant,
        stateText(line.serverState),
        scalabilityText(line.scalability),
        revocationText(line.revocation),
        sizeText(line.tokenSize),
        bestForText(line.bestFor),
      ]),
      'texts',
    ),
    '*Server state*: commands that a check sends to Redis, and what Redis keeps of a session where that was measured. *Scalability*: CPU of the node over CPU of Redis for a whole request, which is how many nodes of one core one Redis of one core can serve; 95 % of it by the ends of both intervals. *Revocation*: the longest that an accepted request followed the acknowledged revoke, of all trials. *Token size*: bytes of the credential in a request, for the smallest and the largest claim profile it was issued for. *Best for* follows from these figures by the rules below.',
    list(needs.map((need) => `*${needWords[need]}*: ${needRules[need]}`)),
  ];
}

function stateText(state: ServerState | null): string {
  if (state === null) return notMeasured;
  const { commandsPerCheck, redisBytesPerSession: bytes } = state;
  const asked =
    commandsPerCheck.high < noLookUpBelow
      ? 'asks nobody'
      : `asks Redis, ${fixed(commandsPerCheck.estimate, 2)} commands a check`;
  return bytes === null ? asked : `${asked}; Redis keeps ${fixed(bytes, 0)} B a session`;
}

function scalabilityText(found: Scalability | null): string {
  if (found === null) return notMeasured;
  const { nodesPerRedis, low, high } = found;
  if (low === null) return 'checks do not load Redis';
  if (nodesPerRedis === null || high === null) return `one Redis serves more than ${fixed(low, 0)} nodes`;
  return `one Redis serves ${fixed(nodesPerRedis, 1)} nodes ${ends({ low, high }, 1)}`;
}

function revocationText(exposure: Exposure | null): string {
  if (exposure === null) return notMeasured;
  if (exposure.kind === 'until-expiry') return 'none: until it expires';
  return exposure.longestMillis === 0 ? 'at once' : `within ${duration(exposure.longestMillis)}`;
}

function sizeText(size: FolkloreLine['tokenSize']): string {
  if (size === null) return notMeasured;
  const { smallest, largest } = size;
  if (smallest.requestHeaderBytes === largest.requestHeaderBytes) {
    return `${fixed(smallest.requestHeaderBytes, 0)} B, whatever the claims`;
  }
  return [smallest, largest]
    .map(({ claims, requestHeaderBytes }) => `${fixed(requestHeaderBytes, 0)} B (${claims})`)
    .join(' to ');
}

function bestForText(best: readonly Need[]): string {
  return best.length === 0 ? 'nothing asked for here' : listed(best.map((need) => needWords[need]));
}

const needWords: Readonly<Record<Need, string>> = {
  'revoked-at-once': 'revocation at once',
  'revoked-within-a-second': 'revocation within a second',
  'may-live-on': 'cheap checks where logout need not revoke',
  'no-look-up': 'checks while Redis is away',
  'many-nodes': 'many nodes on one Redis',
  'small-requests': 'small requests',
  'many-claims': 'many claims',
};

const cheapest = 'node CPU per check is least: none of the others certainly undercuts it in this run';

const needRules: Readonly<Record<Need, string>> = {
  'revoked-at-once': `of those that no trial saw accept after the acknowledgement, ${cheapest}.`,
  'revoked-within-a-second': `of those that no trial saw accept later than a second after it, ${cheapest}.`,
  'may-live-on': `of all, ${cheapest}.`,
  'no-look-up': `a check sends fewer than ${noLookUpBelow} commands to Redis, at the upper end of the interval. How long checks go on without Redis is the strategy's published bound.`,
  'many-nodes': 'Redis CPU per check is least: none of the others certainly undercuts it in this run.',
  'small-requests': 'fewest bytes in a request for the claim profile with the smallest requests.',
  'many-claims': 'fewest bytes in a request for the claim profile with the largest, every cookie within its limit.',
};
