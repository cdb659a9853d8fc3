/** One command against one account: load, decide, append, and again while other writers were faster. */

import { type AccountOutcome, account } from '../domain/account.ts';
import type { AccountState } from '../domain/account-state.ts';
import type { AccountCommand } from '../domain/commands.ts';
import { birthOf } from '../eventlog/epoch.ts';
import type { AppendRequest, AppendResult, Birth, Effect } from '../eventlog/port.ts';
import { AuthlabError, isAuthlabError } from '../kernel/errors.ts';
import { project } from '../projections/inline/effects.ts';
import { readUserState, writeUserState } from '../projections/inline/user-state.ts';
import type { CommandContext } from './context.ts';

/** Outcomes without events that tell the caller that something is so: it must be as sure as if it had happened now. */
const answersFor: ReadonlySet<AccountOutcome> = new Set(['started', 'repeated', 'already-ended', 'done']);

export interface Executed {
  readonly outcome: AccountOutcome;
  /** The state the outcome was decided on. */
  readonly before: AccountState;
  /** The state with it: the same where nothing happened. */
  readonly after: AccountState;
  /** Of the log that holds it; null where the partition holds nothing. */
  readonly birth: Birth | null;
}

/** Between two attempts whose outcome is unknown: long enough for a connection to come back, short against a deadline. */
const retryPauseMillis = 20;

/**
 * Returns when the outcome is durable as configured, and counts everywhere where it promises that. Two round trips without contention.
 * @param besides effects that do not follow from the events: what must be written with them and may not stand in the log
 * @throws ERR_LOG_UNAVAILABLE certainly not done; ERR_LOG_OUTCOME_UNKNOWN perhaps done, and the command may be given
 * again; ERR_LOG_CONTENDED certainly not done; ERR_LOG_REFUSED, ERR_LOG_CORRUPT.
 */
export async function execute(
  context: CommandContext,
  partition: number,
  command: AccountCommand,
  besides: readonly Effect[] = [],
): Promise<Executed> {
  const giveUpAt = context.clock.monotonicMillis() + context.deadlineMillis;
  for (;;) {
    const record = await context.log.readUser(partition, command.sub);
    const before = readUserState(record);
    const { events, outcome } = account.decide(command, before);
    if (events.length === 0) {
      if (answersFor.has(outcome)) await context.acknowledgement?.unchanged(partition);
      return { outcome, before, after: before, birth: record.birth };
    }
    // A primary that does not know of the last refresh takes the newest token for a stolen one.
    if (outcome === 'reused') await context.acknowledgement?.missing(partition);
    const { state, effects } = project(before, events);
    const result = await appendUntilKnown(context, giveUpAt, {
      partition,
      stream: command.sub,
      expectedVersion: record.version,
      expectedOperationId: record.operationId,
      events,
      effects: [...effects, ...besides],
      state: writeUserState(state),
      operationId: context.random(16).toString('base64url'),
    });
    if (result.ok) {
      await context.acknowledgement?.appended(partition, result.position, events);
      return { outcome, before, after: state, birth: birthOf(result.position.epoch) };
    }
    if (context.clock.monotonicMillis() >= giveUpAt) {
      throw new AuthlabError('ERR_LOG_CONTENDED', 'Too many writers on one account; nothing was changed.');
    }
  }
}

/** A write without an answer is sent again under its operation id until it is known whether it was done. */
export async function appendUntilKnown(
  context: CommandContext,
  giveUpAt: number,
  request: AppendRequest,
): Promise<AppendResult> {
  let unknown: unknown;
  for (;;) {
    try {
      return await context.log.append(request);
    } catch (error) {
      // Once an attempt had no answer, a later "nothing was sent" says nothing about that attempt.
      if (isAuthlabError(error, 'ERR_LOG_OUTCOME_UNKNOWN')) unknown = error;
      else if (unknown === undefined || !isAuthlabError(error, 'ERR_LOG_UNAVAILABLE')) throw error;
      if (context.clock.monotonicMillis() >= giveUpAt) throw unknown;
      await new Promise((resume) => setTimeout(resume, retryPauseMillis));
    }
  }
}
