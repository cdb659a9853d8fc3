/**
 * An open loop: requests arrive at a constant rate whether or not the server keeps up, and each latency counts from the
 * moment its request was meant to start. A closed loop waits for a server that stands still, and so hardly notices.
 */

import type { LoadTarget } from './closed-loop.ts';
import type { CredentialPool } from './credential-pool.ts';
import { deferred } from './deferred.ts';
import { createLatencyHistogram, encodeLatencies, recordLatency } from './histogram.ts';
import { RequestSocket } from './request-socket.ts';
import { Spending } from './spending.ts';

export interface OpenLoopTarget extends LoadTarget {
  /** Starts are meant to lie exactly this far apart: 1/rate. */
  readonly ratePerSecond: number;
  /** Requests that are meant to start in this time are measured. */
  readonly durationMillis: number;
  /** The same rate for so long before, not measured. */
  readonly rampMillis: number;
}

/** What came of the requests that were meant to start in the measured time. */
export interface OpenLoopResult {
  readonly requests: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Connections that broke before an answer. */
  readonly errors: number;
  /** Without an answer two seconds after the last was meant to start. Their latency so far is in the histogram. */
  readonly unanswered: number;
  /** From the intended start to the end of the answer, microseconds: HdrHistogram V2, compressed, base64. */
  readonly latencyHistogram: string;
  /** From the moment of sending, answered ones alone: what a client that forgets its own waiting would report. */
  readonly serviceHistogram: string;
  /** How late requests were sent although a connection was free: the pacer's own error. */
  readonly latenessHistogram: string;
  readonly generatorCpuMicros: number;
  readonly generatorEventLoopUtilisation: number;
}

/** Rings at a moment of its own clock, or a little before it: then it is set again. */
export interface Alarm {
  nowMillis(): number;
  setFor(dueMillis: number): void;
}

/** So long are answers waited for after the last request was meant to start. */
const patienceMillis = 2_000;

/** Returns when every answer is there, or is not waited for any longer. Throws ERR_INPUT_INVALID when nobody answers. */
export async function runOpenLoop(
  target: OpenLoopTarget,
  pool: CredentialPool,
  startAlarm: (ring: () => void) => Alarm,
): Promise<OpenLoopResult> {
  const sockets = Array.from({ length: target.connections }, () => new RequestSocket(target.baseUrl));
  try {
    await Promise.all(sockets.map((socket) => socket.open()));
    return await new OpenLoop(target, pool, sockets).run(startAlarm);
  } finally {
    for (const socket of sockets) socket.close();
  }
}

class OpenLoop {
  readonly #target: OpenLoopTarget;
  readonly #nextRequest: () => Buffer;
  readonly #free: RequestSocket[];
  /** Intended starts of requests that found no free connection; the first is the oldest. */
  readonly #waiting: number[] = [];
  /** Intended starts of measured requests that were sent and are not answered. */
  readonly #underWay = new Set<{ readonly intendedMillis: number }>();
  readonly #statuses = new Map<number, number>();
  readonly #latencies = createLatencyHistogram();
  readonly #services = createLatencyHistogram();
  readonly #lateness = createLatencyHistogram();
  readonly #done = deferred<void>();
  #errors = 0;
  #measured = 0;
  #measuredFromMillis = 0;

  constructor(target: OpenLoopTarget, pool: CredentialPool, sockets: readonly RequestSocket[]) {
    this.#target = target;
    this.#free = [...sockets];
    this.#nextRequest = pool.rotation(target.baseUrl, target.path);
  }

  async run(startAlarm: (ring: () => void) => Alarm): Promise<OpenLoopResult> {
    const { ratePerSecond, rampMillis, durationMillis } = this.#target;
    const intervalMillis = 1_000 / ratePerSecond;
    const rampCount = Math.ceil(rampMillis / intervalMillis);
    const count = rampCount + Math.max(1, Math.round(durationMillis / intervalMillis));
    let arrived = 0;
    const alarm: Alarm = startAlarm(() => {
      while (arrived < count && firstMillis + arrived * intervalMillis <= alarm.nowMillis()) {
        this.#arrive(firstMillis + arrived * intervalMillis, alarm);
        arrived += 1;
      }
      if (arrived < count) alarm.setFor(firstMillis + arrived * intervalMillis);
    });
    const spent = new Spending();
    const firstMillis = alarm.nowMillis() + intervalMillis;
    this.#measuredFromMillis = firstMillis + (rampCount - 0.5) * intervalMillis;
    this.#measured = count - rampCount;
    alarm.setFor(firstMillis);
    const timer = setTimeout(() => this.#done.resolve(), (count + 1) * intervalMillis + patienceMillis);
    await this.#done.promise;
    clearTimeout(timer);
    spent.pause();
    return this.#result(spent, alarm.nowMillis());
  }

  #arrive(intendedMillis: number, alarm: Alarm): void {
    const socket = this.#free.pop();
    if (socket === undefined) {
      this.#waiting.push(intendedMillis);
      return;
    }
    if (this.#isMeasured(intendedMillis)) recordLatency(this.#lateness, alarm.nowMillis() - intendedMillis);
    this.#send(socket, intendedMillis, alarm);
  }

  #send(socket: RequestSocket, intendedMillis: number, alarm: Alarm): void {
    const request = this.#nextRequest();
    const sentMillis = alarm.nowMillis();
    const underWay = { intendedMillis };
    if (this.#isMeasured(intendedMillis)) this.#underWay.add(underWay);
    socket.send(request, (status) => {
      if (this.#underWay.delete(underWay)) this.#count(status, alarm.nowMillis(), intendedMillis, sentMillis);
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(socket);
      else this.#send(socket, next, alarm);
    });
  }

  #count(status: number | null, nowMillis: number, intendedMillis: number, sentMillis: number): void {
    recordLatency(this.#latencies, nowMillis - intendedMillis);
    if (status === null) {
      this.#errors += 1;
    } else {
      recordLatency(this.#services, nowMillis - sentMillis);
      this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    }
    if (this.#latencies.totalCount >= this.#measured) this.#done.resolve();
  }

  #isMeasured(intendedMillis: number): boolean {
    return intendedMillis >= this.#measuredFromMillis;
  }

  #result(spent: Spending, nowMillis: number): OpenLoopResult {
    const waiting = this.#waiting.filter((intendedMillis) => this.#isMeasured(intendedMillis));
    const unanswered = [...waiting, ...[...this.#underWay].map(({ intendedMillis }) => intendedMillis)];
    this.#underWay.clear();
    for (const intendedMillis of unanswered) recordLatency(this.#latencies, nowMillis - intendedMillis);
    return {
      requests: this.#measured,
      statuses: Object.fromEntries([...this.#statuses].map(([status, count]) => [`${status}`, count])),
      errors: this.#errors,
      unanswered: unanswered.length,
      latencyHistogram: encodeLatencies(this.#latencies),
      serviceHistogram: encodeLatencies(this.#services),
      latenessHistogram: encodeLatencies(this.#lateness),
      generatorCpuMicros: spent.cpuMicros,
      generatorEventLoopUtilisation: spent.eventLoopUtilisation,
    };
  }
}
