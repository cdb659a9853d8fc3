/** Answers from the log: what happened to a user or a session, which sessions lived at a moment, and why. */

import { isSessionId, partitionOf } from '../domain/session-id.ts';
import type { EventLog } from '../eventlog/port.ts';
import type { Fault } from '../kernel/errors.ts';
import { type ShownEntry, showEntry, timeText } from './log-entries.ts';
import type { Explanation } from './log-explanation.ts';
import { isEntryId, readPages } from './log-pages.ts';
import type { LivingSession } from './log-sessions.ts';
import { explanationOf, foldAt, type LogQueryContext, partitionsOf, Story } from './log-stories.ts';
import { parseMoment, timeRemedy } from './log-time.ts';

/** As a client gives it: `user`, or `sid`, or `at`, which `user` may narrow. */
export interface LogQuery {
  readonly user?: string | undefined;
  readonly sid?: string | undefined;
  readonly at?: string | undefined;
  /** `next` of the answer before. */
  readonly after?: string | undefined;
}

export type LogAnswer =
  | { readonly ok: true; readonly value: EntriesAnswer | SessionsAnswer }
  | { readonly ok: false; readonly faults: readonly Fault[] };

export interface EntriesAnswer {
  /** Oldest first. */
  readonly entries: readonly ShownEntry[];
  /** Where to go on, also after an answer without entries; null at the end of the log. */
  readonly next: string | null;
  /** Of a session that was asked for, in the first answer. */
  readonly explanation?: Explanation;
}

export interface SessionsAnswer {
  /** RFC 3339. */
  readonly at: string;
  readonly sessions: readonly ShownSession[];
  readonly next: string | null;
}

export interface ShownSession {
  readonly sid: string;
  readonly user: string;
  readonly strategy: string;
  readonly startedAt: string;
  /** When it would have ended by itself. */
  readonly endsAt: string;
}

/** What one answer holds at most. */
export const answerLimit = 1_000;

/** Events one answer looks at, at most: a server that answers requests must not be kept busy by its own past. */
const defaultScanLimit = 100_000;

/**
 * A bounded answer, ready for JSON: at most 1,000 entries or sessions, after looking at 100,000 events at most.
 * Where an answer needs all events of a partition and there are more, it is a fault that names the command line's way.
 * Throws ERR_LOG_UNAVAILABLE.
 */
export async function queryLog(
  context: LogQueryContext,
  query: LogQuery,
  scanLimit = defaultScanLimit,
): Promise<LogAnswer> {
  const faults = faultsOf(context, query);
  if (faults.length > 0) return { ok: false, faults };
  const { user, sid, at, after } = query;
  try {
    if (sid !== undefined) return { ok: true, value: await answerSession(context, { sid, after, scanLimit }) };
    if (at !== undefined) return await answerAt(context, { at, user, after, scanLimit });
    return { ok: true, value: await answerUser(context, { user: user ?? '', after, scanLimit }) };
  } catch (error) {
    if (!(error instanceof TooLong)) throw error;
    const message = `needs more than ${scanLimit} events to answer; ask \`authlab log\` on the command line`;
    return { ok: false, faults: [{ place: sid === undefined ? 'at' : 'sid', message }] };
  }
}

function faultsOf({ log, clock }: LogQueryContext, { user, sid, at, after }: LogQuery): readonly Fault[] {
  const faults: Fault[] = [];
  if (sid !== undefined && (user !== undefined || at !== undefined)) {
    faults.push({ place: 'sid', message: 'is asked for alone, without user and at' });
  }
  if (user === undefined && sid === undefined && at === undefined) {
    faults.push({ place: 'user', message: 'is missing: give user, sid or at' });
  }
  if (user !== undefined && !isUser(user)) faults.push({ place: 'user', message: userRemedy });
  if (sid !== undefined && !isSidOf(log, sid)) faults.push({ place: 'sid', message: sidRemedy });
  if (at !== undefined && parseMoment(at, clock.wallMillis()) === null)
    faults.push({ place: 'at', message: timeRemedy });
  const isCursor = at === undefined ? isEntryId : isSessionId;
  if (after !== undefined && !isCursor(after)) {
    faults.push({ place: 'after', message: 'must be the `next` of an earlier answer' });
  }
  return faults;
}

export const userRemedy = 'must be a user: 1 to 128 printable characters without blanks';
export const sidRemedy = 'must be a session id of this realm, like 0.CeI8tTbMkPO3nSqGZ2dAOw';

export function isUser(text: string): boolean {
  return /^[^\s\p{C}]{1,128}$/u.test(text);
}

/** Whether a text is a session id whose partition this realm has. */
export function isSidOf(log: EventLog, text: string): boolean {
  return isSessionId(text) && partitionOf(text) < log.partitions;
}

interface Bounds {
  readonly after: string | undefined;
  readonly scanLimit: number;
}

async function answerUser(
  { log }: LogQueryContext,
  { user, after, scanLimit }: Bounds & { readonly user: string },
): Promise<EntriesAnswer> {
  const partition = log.partitionOfUser(user);
  const entries: ShownEntry[] = [];
  let looked = 0;
  for await (const page of readPages(log, partition, after)) {
    for (const entry of page) {
      if (entry.stream === user) entries.push(showEntry(partition, entry));
      looked += 1;
      if (entries.length === answerLimit || looked === scanLimit) return { entries, next: entry.position.id };
    }
  }
  return { entries, next: null };
}

class TooLong extends Error {}

/** The whole story is read each time, because what a later event means depends on the earlier ones. */
async function answerSession(
  context: LogQueryContext,
  { sid, after, scanLimit }: Bounds & { readonly sid: string },
): Promise<EntriesAnswer> {
  const partition = partitionOf(sid);
  const story = new Story(sid);
  const entries: ShownEntry[] = [];
  let next: string | null = null;
  let isPast = after === undefined;
  let looked = 0;
  for await (const page of readPages(context.log, partition)) {
    looked += page.length;
    if (looked > scanLimit) throw new TooLong();
    for (const entry of page) {
      const taken = story.take(entry);
      if (taken && isPast && entries.length === answerLimit) next ??= entries.at(-1)?.id ?? null;
      else if (taken && isPast) entries.push(showEntry(partition, entry));
      if (entry.position.id === after) isPast = true;
    }
  }
  if (after !== undefined) return { entries, next };
  return { entries, next, explanation: explanationOf(context, sid, story.fate) };
}

async function answerAt(
  { log, clock }: LogQueryContext,
  { at, user, after, scanLimit }: Bounds & { readonly at: string; readonly user: string | undefined },
): Promise<LogAnswer> {
  const atMillis = parseMoment(at, clock.wallMillis()) ?? 0;
  const living: LivingSession[] = [];
  let looked = 0;
  const onLooked = (entries: number) => {
    looked += entries;
    if (looked > scanLimit) throw new TooLong();
  };
  for (const partition of partitionsOf(log, user))
    living.push(...(await foldAt(log, partition, atMillis, user, onLooked)));
  const from = after === undefined ? 0 : living.findIndex(({ sid }) => sid === after) + 1;
  if (from === 0 && after !== undefined) {
    const message = 'belongs to another moment: repeat `at` as the answer before has told it';
    return { ok: false, faults: [{ place: 'after', message }] };
  }
  const sessions = living.slice(from, from + answerLimit);
  const next = living.length > from + answerLimit ? (sessions.at(-1)?.sid ?? null) : null;
  return { ok: true, value: { at: timeText(atMillis), sessions: sessions.map(showSession), next } };
}

/** A living session as it is told, its times in RFC 3339. */
export function showSession({ sid, sub, strategy, startedAtMillis, endsAtMillis }: LivingSession): ShownSession {
  return { sid, user: sub, strategy, startedAt: timeText(startedAtMillis), endsAt: timeText(endsAtMillis) };
}
