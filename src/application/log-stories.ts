/** What the log tells of a user, a session or a moment, read to its end however long it is: for the command line. */

import type { AccountEvent } from '../domain/events.ts';
import type { LifetimePolicy } from '../domain/policy.ts';
import { partitionOf } from '../domain/session-id.ts';
import type { EventLog, LogEntry, Partition } from '../eventlog/port.ts';
import type { Clock } from '../kernel/clock.ts';
import { readableEvent, type ShownEntry, showEntry } from './log-entries.ts';
import { type Explanation, explainSession, type StrategyFacts } from './log-explanation.ts';
import { readPages, takenInAtMillis } from './log-pages.ts';
import { concerns, evolveFate, type LivingSession, type SessionFate, SessionsAt } from './log-sessions.ts';

export interface LogQueryContext {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly policy: LifetimePolicy;
  /** S. */
  readonly stalenessLimitMillis: number;
  /** Traits of a strategy, null for an unknown name. */
  readonly factsOf: (strategy: string) => StrategyFacts | null;
}

/** Nodes write their own time into events, Redis its own into ids: beyond this difference a server is out of order. */
const clockDifferenceMillis = 600_000;

/** All retained events of a user, oldest first. Throws ERR_LOG_UNAVAILABLE, as all below. */
export async function* userHistory(log: EventLog, user: string): AsyncGenerator<ShownEntry> {
  const partition = log.partitionOfUser(user);
  for await (const page of readPages(log, partition)) {
    for (const entry of page) if (entry.stream === user) yield showEntry(partition, entry);
  }
}

/** The events of a session and those of its user that meant something for it, each with what had become of it by then. */
export async function* sessionStory(
  log: EventLog,
  sid: string,
): AsyncGenerator<{ readonly entry: ShownEntry; readonly fate: SessionFate | null }> {
  const partition = partitionOf(sid);
  const story = new Story(sid);
  for await (const page of readPages(log, partition)) {
    for (const entry of page) if (story.take(entry)) yield { entry: showEntry(partition, entry), fate: story.fate };
  }
}

/** Why a session is accepted or refused now. */
export async function explain(context: LogQueryContext, sid: string): Promise<Explanation> {
  let fate: SessionFate | null = null;
  for await (const told of sessionStory(context.log, sid)) fate = told.fate;
  return explanationOf(context, sid, fate);
}

/** The sessions that lived at a moment, of one user or of all: partition by partition, so that no more than one is held. */
export async function* sessionsAt(log: EventLog, atMillis: number, user?: string): AsyncGenerator<LivingSession> {
  for (const partition of partitionsOf(log, user)) yield* await foldAt(log, partition, atMillis, user);
}

/**
 * The sessions of one partition at a moment.
 * @param onLooked told of every page that was looked at; what it throws ends the reading
 */
export async function foldAt(
  log: EventLog,
  partition: Partition,
  atMillis: number,
  user: string | undefined,
  onLooked: (entries: number) => void = () => {},
): Promise<readonly LivingSession[]> {
  const sessions = new SessionsAt(atMillis);
  for await (const page of readPages(log, partition)) {
    onLooked(page.length);
    for (const entry of page) {
      if (takenInAtMillis(entry.position.id) > atMillis + clockDifferenceMillis) return sessions.living();
      const event = user === undefined || entry.stream === user ? readableEvent(entry) : null;
      if (event !== null) sessions.take(event);
    }
  }
  return sessions.living();
}

/** Where the events of a user stand, or of all users. */
export function partitionsOf(log: EventLog, user: string | undefined): readonly number[] {
  return user === undefined ? Array.from({ length: log.partitions }, (_, index) => index) : [log.partitionOfUser(user)];
}

/** One session's events, picked out of its partition's. */
export class Story {
  readonly #sid: string;
  fate: SessionFate | null = null;

  constructor(sid: string) {
    this.#sid = sid;
  }

  /** Whether the entry is part of the story. Entries come in the order of the log, other streams' among them. */
  take(entry: LogEntry): boolean {
    if (this.fate !== null && entry.stream !== this.fate.sub) return false;
    // Most of a partition is about other sessions; a look at the id is cheaper than reading the event as a whole.
    if (this.fate === null && 'sid' in entry.event && entry.event.sid !== this.#sid) return false;
    const event = readableEvent(entry);
    if (event === null || !('sub' in event)) return false;
    const accountEvent: AccountEvent = event;
    if (!concerns(accountEvent, this.#sid, this.fate)) return false;
    this.fate = evolveFate(this.fate, this.#sid, accountEvent);
    return true;
  }
}

/** What has become of a session, read by the traits of its strategy at this moment. */
export function explanationOf(context: LogQueryContext, sid: string, fate: SessionFate | null): Explanation {
  const { clock, policy, stalenessLimitMillis, factsOf } = context;
  return explainSession(sid, fate, { nowMillis: clock.wallMillis(), policy, stalenessLimitMillis, factsOf });
}
