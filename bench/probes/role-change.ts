/**
 * One trial of a change of roles: a client asks every node who it is, an administrator changes its roles, and the asking
 * goes on until every node has told the new ones for a while.
 */

import type { RandomFraction } from '../../src/kernel/random.ts';
import type { RoleChangeMeasured } from '../record/lifecycle-events.ts';
import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import { ExchangeConnection, type Exchanged } from '../workload/exchange.ts';
import type { PlannedRequest } from '../workload/log-in.ts';
import { SessionClient } from '../workload/session-client.ts';
import { interruptibleDelay } from './interruptible-delay.ts';
import { toMicrosecond } from './observe.ts';
import { observeRoles, rolesIn } from './observe-roles.ts';
import { protectedRequest } from './prober.ts';
import { type Renewal, RolesClient, type RolesStreak } from './roles-client.ts';

export interface RoleChangeOptions {
  readonly contestant: Contestant;
  /** Whose roles change; in no other trial. */
  readonly user: string;
  /** Chooses the moment of the change. */
  readonly random: RandomFraction;
  /** Node that both log in at, and that is sent the change. */
  readonly atNode: number;
  readonly pauseMillis: number;
  /** For how long after the change it is waited for the new roles. */
  readonly watchMillis: number;
  /** Of the credential, leeway included; null where it outlives the trial by far. */
  readonly lifetimeMillis: number | null;
  readonly signal?: AbortSignal | undefined;
}

/** As much of the recorded event as one trial knows. */
export type RoleChangeResult = Omit<RoleChangeMeasured, 'type' | 'at' | 'contestant' | 'trial'>;

/** Not ok: there was nobody whose roles could be changed; the sentence says why. */
export type RoleChangeOutcome =
  | { readonly ok: true; readonly trial: RoleChangeResult }
  | { readonly ok: false; readonly reason: string };

/** Each node must have told the old roles so many times in a row before the change: then its answers flow. */
const answersBefore = 5;
const acceptDeadlineMillis = 2_000;
/** The change follows at a random moment within this: longer than any rhythm of the requests, which it must not share. */
const changeWithinMillis = 25;
/** A node has changed its mind for good after so many answers with the new roles, over as long a time as in a revocation. */
const settledAnswers = 5;
const settledMillis = 20;
const addedRole = 'auditor';

/** Throws ERR_INTERRUPTED when the signal fires. Leaves no connection, whatever happens. */
export async function runRoleChangeTrial(options: RoleChangeOptions): Promise<RoleChangeOutcome> {
  const { contestant, atNode } = options;
  const connection = new ExchangeConnection(contestant.nodes[atNode] ?? '');
  try {
    const parties = await gather(options, connection);
    return parties.ok ? await runTrial(options, connection, parties) : parties;
  } finally {
    await connection.close();
  }
}

interface Parties {
  readonly ok: true;
  readonly user: Credential;
  /** When the user's login was sent: the credential was issued then, or a little later. Monotonic milliseconds. */
  readonly loginSentAt: number;
  readonly before: readonly string[];
  readonly change: (roles: readonly string[]) => PlannedRequest;
}

async function gather(
  { contestant, user }: RoleChangeOptions,
  connection: ExchangeConnection,
): Promise<Parties | { readonly ok: false; readonly reason: string }> {
  const { administration } = contestant;
  if (administration === undefined) return { ok: false, reason: 'nobody can change roles there' };
  const client = new SessionClient(contestant, connection);
  const administrator = await client.logIn(administration.administrator);
  const asking = await client.logIn(user);
  if (administrator.credential === null || asking.credential === null) {
    const statuses = [administrator, asking].map(({ exchanged }) => exchanged.status).join(', ');
    return { ok: false, reason: `administrator and user could not log in (statuses: ${statuses})` };
  }
  const profile = await connection.ask(protectedRequest(contestant, asking.credential));
  const before = profile.status === 200 ? rolesIn(profile.body) : null;
  if (before === null) return { ok: false, reason: `a profile tells no roles (status ${profile.status})` };
  const path = administration.rolesPath.replaceAll('{user}', user);
  const headers = { ...administrator.credential.headersFor(path), 'content-type': 'application/json' };
  const change = (roles: readonly string[]) =>
    ({ method: 'POST', path, headers, body: JSON.stringify({ roles }) }) as const;
  return { ok: true, user: asking.credential, loginSentAt: asking.exchanged.sentAt, before, change };
}

async function runTrial(
  options: RoleChangeOptions,
  connection: ExchangeConnection,
  { user, loginSentAt, before, change }: Parties,
): Promise<RoleChangeOutcome> {
  const { contestant, pauseMillis, random, signal, watchMillis } = options;
  const after = [...before, addedRole];
  const client = new RolesClient({ contestant, credential: user, pauseMillis, before, after, signal });
  let changed: Exchanged;
  try {
    const isAsking = ({ told, length }: RolesStreak) => told === 'old' && length >= answersBefore;
    if (!(await client.until(isAsking, acceptDeadlineMillis + answersBefore * pauseMillis))) {
      const statuses = client.streaks.map(({ status }) => status).join(', ');
      return { ok: false, reason: `a fresh credential is not accepted by every node (latest statuses: ${statuses})` };
    }
    await interruptibleDelay(random() * changeWithinMillis, signal);
    changed = await connection.ask(change(after));
    await client.until(hasSettled, watchMillis);
  } finally {
    await client.stop();
  }
  return { ok: true, trial: judge(options, client, loginSentAt, changed) };
}

function hasSettled({ told, length, since, latestAt }: RolesStreak): boolean {
  return told === 'new' && length >= settledAnswers && latestAt - since >= settledMillis;
}

function judge(
  { lifetimeMillis }: RoleChangeOptions,
  { answers, renewal }: RolesClient,
  loginSentAt: number,
  { sentAt, receivedAt, status }: Exchanged,
): RoleChangeResult {
  const isAcknowledged = status >= 200 && status < 300;
  return {
    changeStatus: status,
    acknowledgedMillis: isAcknowledged ? toMicrosecond(receivedAt - sentAt) : null,
    observations: answers.map((own, node) => observeRoles(node, own, sentAt)),
    renewal: renewal === null ? null : renewalSince(renewal, sentAt),
    remainingLifetimeMillis: lifetimeMillis === null ? null : toMicrosecond(lifetimeMillis - (sentAt - loginSentAt)),
  };
}

function renewalSince({ by, status, ...moments }: Renewal, changeSentAt: number): RoleChangeResult['renewal'] {
  const sentMillis = toMicrosecond(moments.sentAt - changeSentAt);
  return { by, sentMillis, answeredMillis: toMicrosecond(moments.answeredAt - changeSentAt), status };
}
