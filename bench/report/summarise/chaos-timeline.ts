/** A recorded history from the sessions' point of view: what each was issued, and what ended it, surely or perhaps. */

import type { ChaosContestant, ChaosExchange, ChaosFault, ChaosPerformed } from '../../record/chaos-events.ts';

/** After a fault, so long nodes may take to be as before. */
export const recoveryMillis = 10_000;

/** `unknown`: no answer, or one that says so; perhaps it has happened. */
export type Outcome = 'ok' | 'refused' | 'unknown';

export function outcomeOf({ status }: Pick<ChaosExchange, 'status'>): Outcome {
  if (status >= 200 && status < 300) return 'ok';
  return status === 401 ? 'refused' : 'unknown';
}

export interface ChaosSession {
  readonly session: number;
  readonly contestant: ChaosContestant;
  readonly user: number;
  readonly login: ChaosExchange;
  /** By generation: the exchange that brought it. */
  readonly issues: readonly ChaosExchange[];
  /** Of its newest refresh tokens, or older ones. */
  readonly refreshes: readonly ChaosExchange[];
}

/** Something that ends one session, or all that the user has begun before. */
export interface ChaosEnding {
  readonly exchange: ChaosExchange;
  /** Null: all of the user's. */
  readonly session: number | null;
  /** From when on it has happened; null: perhaps it has. */
  readonly certainMillis: number | null;
}

export interface Timeline {
  readonly history: ChaosPerformed;
  readonly sessions: ReadonlyMap<number, ChaosSession>;
  /** By contestant and user. */
  endingsOf(session: ChaosSession): readonly ChaosEnding[];
  readonly rotations: readonly ChaosExchange[];
}

export function timelineOf(history: ChaosPerformed): Timeline {
  const sessions = sessionsIn(history);
  const endings = new Map<string, ChaosEnding[]>();
  const add = (exchange: ChaosExchange, ending: Omit<ChaosEnding, 'exchange'>): void => {
    const key = userKey(exchange);
    endings.set(key, [...(endings.get(key) ?? []), { exchange, ...ending }]);
  };
  for (const exchange of history.exchanges) {
    const ending = endingBy(exchange, sessions.get(exchange.session), history);
    if (ending !== null) add(exchange, ending);
  }
  return {
    history,
    sessions,
    endingsOf: ({ login }) => endings.get(userKey(login)) ?? [],
    rotations: history.exchanges.filter((exchange) => exchange.kind === 'rotate' && outcomeOf(exchange) !== 'refused'),
  };
}

function userKey({ contestant, user }: Pick<ChaosExchange, 'contestant' | 'user'>): string {
  return `${contestant} ${user}`;
}

function sessionsIn({ exchanges, contestants }: ChaosPerformed): Map<number, ChaosSession> {
  const found = new Map<
    number,
    ChaosSession & { readonly issues: ChaosExchange[]; readonly refreshes: ChaosExchange[] }
  >();
  for (const exchange of exchanges) {
    if (exchange.kind !== 'login' || exchange.gained === undefined) continue;
    const contestant = contestants[exchange.contestant];
    if (contestant === undefined) continue;
    const { session, user } = exchange;
    found.set(session, { session, contestant, user, login: exchange, issues: [exchange], refreshes: [] });
  }
  for (const exchange of exchanges) {
    const own = found.get(exchange.session);
    if (exchange.kind !== 'refresh' || own === undefined) continue;
    own.refreshes.push(exchange);
    if (exchange.gained !== undefined) own.issues[exchange.gained.generation] = exchange;
  }
  return found;
}

function endingBy(
  exchange: ChaosExchange,
  session: ChaosSession | undefined,
  history: ChaosPerformed,
): Omit<ChaosEnding, 'exchange'> | null {
  const outcome = outcomeOf(exchange);
  const { kind, answeredMillis } = exchange;
  switch (kind) {
    case 'logout-all':
    case 'revoke':
      // Who was not let in has asked for nothing.
      return outcome === 'refused' ? null : { session: null, certainMillis: outcome === 'ok' ? answeredMillis : null };
    case 'logout': {
      const isCertain = outcome === 'ok' && !perhapsFoundNothing(exchange, session, history);
      return { session: exchange.session, certainMillis: isCertain ? answeredMillis : null };
    }
    case 'replay': {
      const isCertain = outcome === 'refused' && !perhapsFoundNothing(exchange, session, history);
      return { session: exchange.session, certainMillis: isCertain ? answeredMillis : null };
    }
    case 'refresh': {
      // A try without an answer may arrive when the client has gone on: as the reuse of what it has left behind.
      const isLeftBehind = session?.refreshes.some(
        (later) => later.generation > exchange.generation && later.sentMillis > exchange.sentMillis,
      );
      return outcome === 'unknown' && isLeftBehind === true ? { session: exchange.session, certainMillis: null } : null;
    }
    default:
      return null;
  }
}

/** At a primary that has been deposed, what was issued since is not to be found, and so there is nothing to end. */
function perhapsFoundNothing(
  exchange: ChaosExchange,
  session: ChaosSession | undefined,
  history: ChaosPerformed,
): boolean {
  const issue = session?.issues[exchange.generation];
  if (session === undefined || issue === undefined) return true;
  return history.faults.some(
    (fault) => fault.deposes && isDisturbedBy(fault, exchange) && issue.answeredMillis >= fault.fromMillis,
  );
}

/** Whether the fault acts on the node of the exchange, or its effects may last. */
export function isDisturbedBy(fault: ChaosFault, { sentMillis, answeredMillis, node }: ChaosExchange): boolean {
  if (fault.node !== null && fault.node !== node) return false;
  return fault.fromMillis <= answeredMillis && sentMillis <= fault.toMillis + recoveryMillis;
}

export function isDisturbed({ faults }: ChaosPerformed, exchange: ChaosExchange): boolean {
  return faults.some((fault) => isDisturbedBy(fault, exchange));
}

/** Look-ups are not promised to be right: they may have gone to a primary that was replaced. */
export function isConceded({ faults }: ChaosPerformed, exchange: ChaosExchange): boolean {
  return exchange.kind !== 'last-word' && faults.some((fault) => fault.deposes && isDisturbedBy(fault, exchange));
}

/** Whether the ending is meant for the session: `perhaps` where they met, or nobody knows when it comes into force. */
export function covers(ending: ChaosEnding, session: ChaosSession): 'yes' | 'perhaps' | 'no' {
  if (ending.session !== null) return ending.session === session.session ? 'yes' : 'no';
  const { login } = session;
  if (login.answeredMillis <= ending.exchange.sentMillis) return 'yes';
  return ending.certainMillis === null || login.sentMillis < ending.exchange.answeredMillis ? 'perhaps' : 'no';
}

/** The same of an access token: where one counter guards all of a user's, the end of one session may refuse the others'. */
export function coversToken(
  ending: ChaosEnding,
  session: ChaosSession,
  issue: ChaosExchange,
): 'yes' | 'perhaps' | 'no' {
  const own = covers(ending, session);
  if (own !== 'no' || !session.contestant.endsAllTokens) return own;
  return ending.certainMillis === null || issue.sentMillis < ending.exchange.answeredMillis ? 'perhaps' : 'no';
}
