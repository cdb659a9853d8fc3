/**
 * One random history: its requests at their times, its faults one after the other, all of them healed in the end, and then the last word on
 * every credential that was ever issued.
 */

import { seededFraction } from '../../src/kernel/random.ts';
import type { Standstill } from '../environment/stopped-child.ts';
import type {
  ChaosFault,
  ChaosFaultName,
  ChaosFaultTime,
  ChaosOperation,
  ChaosPerformed,
} from '../record/chaos-events.ts';
import type { Contestant } from '../workload/contestant.ts';
import { sharedSignal } from '../workload/shared-signal.ts';
import { ChaosClients, now } from './chaos-clients.ts';
import { FaultControl } from './fault-control.ts';
import { welcomeNewcomer } from './fault-newcomer.ts';
import { interruptibleDelay } from './interruptible-delay.ts';
import { toMicrosecond } from './observe.ts';

export interface HistoryOptions {
  /** All on the same nodes. */
  readonly contestants: readonly Contestant[];
  readonly schedule: { readonly operations: readonly ChaosOperation[]; readonly faults: readonly ChaosFaultTime[] };
  readonly stalenessLimitMillis: number;
  readonly inflict: (fault: ChaosFaultName, node: number) => Promise<() => Promise<void>>;
  readonly factsOf: (
    fault: ChaosFaultName,
  ) => Pick<ChaosFault, 'title' | 'deposes'> & { readonly befallsNode: boolean };
  readonly standstills: () => readonly Standstill[];
  readonly settled: () => Promise<void>;
  readonly signal?: AbortSignal;
}

export type PerformedHistory = Pick<
  ChaosPerformed,
  'faults' | 'standstills' | 'delays' | 'settledMillis' | 'finalMillis' | 'exchanges'
>;

/** Users whom no operation is about. */
const firstNewcomer = 900_000;
/** A request that asks nobody is late by then. */
const delayMillis = 200;
const recoveryDeadlineMillis = 20_000;
/** Ready before anything is asked. */
const connectionsPerNode = 64;
/** How many ask for the last word at the same time. */
const lastWordsAtOnce = 12;
const lastWordAttempts = 10;
const lastWordPauseMillis = 200;

/** Throws what `inflict` and its end throw, and ERR_INTERRUPTED when the signal fires; faults are ended even then. */
export async function performHistory(given: HistoryOptions): Promise<PerformedHistory> {
  const signal = sharedSignal(given.signal);
  const options = { ...given, ...(signal && { signal }) };
  const { contestants, schedule, stalenessLimitMillis } = options;
  const clients = new ChaosClients(contestants);
  await clients.connect(connectionsPerNode);
  const zeroAt = now();
  clients.begin(zeroAt);
  const control = new FaultControl(contestants[0]?.nodes ?? []);
  const sinceZero = (at: number) => toMicrosecond(at - zeroAt);
  const since = () => sinceZero(now());
  try {
    const breaking = breakThings(options, zeroAt);
    const asking = askAll(clients, schedule.operations, zeroAt, signal);
    // Neither may be left behind when the other fails.
    await Promise.allSettled([breaking, asking]);
    const [faults] = await Promise.all([breaking, asking]);
    await options.settled();
    const settledMillis = (await hasSettled(options)) ? since() : null;
    // What may be late by its bound is not late any more.
    await interruptibleDelay(1.2 * stalenessLimitMillis, signal);
    const finalMillis = since();
    await lastWords(clients, signal);
    await control.stop();
    const standstills = options.standstills().map(({ node, fromMillis, toMillis }) => {
      return { node, fromMillis: sinceZero(fromMillis), toMillis: sinceZero(toMillis) };
    });
    const delays = control.delays(delayMillis).map(({ node, sentAt, receivedAt }) => {
      return { node, fromMillis: sinceZero(sentAt), toMillis: sinceZero(receivedAt) };
    });
    const exchanges = clients.exchanges.toSorted((left, right) => left.sentMillis - right.sentMillis);
    return { faults, standstills, delays, settledMillis, finalMillis, exchanges };
  } finally {
    await Promise.all([control.stop(), clients.close()]);
  }
}

async function breakThings(options: HistoryOptions, zeroAt: number): Promise<ChaosFault[]> {
  const { schedule, inflict, factsOf, settled, signal } = options;
  const done: ChaosFault[] = [];
  const last = schedule.operations.at(-1)?.atMillis ?? 0;
  for (const { fault, fromMillis, lastsMillis, node } of schedule.faults) {
    const waitMillis = zeroAt + fromMillis - now();
    if (waitMillis > 0) await interruptibleDelay(waitMillis, signal);
    // Those that take their time push the others out.
    if (now() - zeroAt > last) break;
    const from = now();
    const mend = await inflict(fault, node);
    try {
      await interruptibleDelay(lastsMillis, signal);
    } finally {
      await mend();
    }
    // A node that was killed is at the end of its fault when it is back.
    await settled();
    const { title, deposes, befallsNode } = factsOf(fault);
    const times = { fromMillis: toMicrosecond(from - zeroAt), toMillis: toMicrosecond(now() - zeroAt) };
    done.push({ fault, title, node: befallsNode ? node : null, ...times, deposes });
  }
  return done;
}

async function askAll(
  clients: ChaosClients,
  operations: readonly ChaosOperation[],
  zeroAt: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const underway = new Set<Promise<void>>();
  for (const [index, operation] of operations.entries()) {
    const waitMillis = zeroAt + operation.atMillis - now();
    if (waitMillis > 0) await interruptibleDelay(waitMillis, signal);
    // Drawn by its place in the schedule: nothing that happens meanwhile changes what is drawn later.
    const choose = seededFraction(index)();
    const asked = clients.perform(operation, choose).finally(() => underway.delete(asked));
    underway.add(asked);
  }
  await Promise.all(underway);
}

/** Whether every contestant lets a newcomer in at every node before the deadline. */
async function hasSettled({ contestants, signal }: HistoryOptions): Promise<boolean> {
  const giveUpAt = now() + recoveryDeadlineMillis;
  const welcomed = await Promise.all(
    contestants.map(async (contestant, index) => {
      const clients = new ChaosClients([contestant]);
      let taken = firstNewcomer + 1_000 * index;
      try {
        return await welcomeNewcomer({
          contestant,
          takeUsers: (count) => {
            taken += count;
            return taken - count;
          },
          ask: (node, request) => clients.ask(node, request),
          giveUpAt,
          ...(signal && { signal }),
        });
      } finally {
        await clients.close();
      }
    }),
  );
  return welcomed.every(({ acceptedAt }) => acceptedAt !== null);
}

/** Of every credential at every node; then whether each session can be refreshed. */
async function lastWords(clients: ChaosClients, signal: AbortSignal | undefined): Promise<void> {
  const held = [...clients.sessions.values()];
  const questions = held.flatMap((session) =>
    session.credentials.flatMap((_, generation) =>
      Array.from({ length: clients.nodes }, (__, node) => () => clients.probe(session, generation, node, 'last-word')),
    ),
  );
  await inTurns(questions, signal);
  await inTurns(
    held.map((session, index) => () => clients.refresh(session, index % clients.nodes)),
    signal,
  );
}

async function inTurns(questions: readonly (() => Promise<boolean>)[], signal: AbortSignal | undefined) {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let ask = questions[next++]; ask !== undefined; ask = questions[next++]) {
      for (let attempt = 0; attempt < lastWordAttempts && (await ask()) === false; attempt += 1) {
        await interruptibleDelay(lastWordPauseMillis, signal);
      }
    }
  };
  await Promise.all(Array.from({ length: lastWordsAtOnce }, work));
}
