/** What this process spends while a load sends: time, CPU, and how busy its event loop is. Pauses are left out. */

import { performance } from 'node:perf_hooks';
import { idleAwakeMillis } from './awake.ts';

export class Spending {
  durationMillis = 0;
  cpuMicros = 0;
  #activeMillis = 0;
  #idleMillis = 0;
  #since: {
    readonly atMillis: number;
    readonly cpu: NodeJS.CpuUsage;
    readonly loop: { active: number; idle: number };
  } | null;

  /** Counts from now on. */
  constructor() {
    this.#since = now();
  }

  /** 0 to 1; 0 when no time has passed. */
  get eventLoopUtilisation(): number {
    return this.#activeMillis / Math.max(this.#activeMillis + this.#idleMillis, Number.MIN_VALUE);
  }

  pause(): void {
    if (this.#since === null) return;
    const { atMillis, cpu, loop } = this.#since;
    const { user, system } = process.cpuUsage(cpu);
    const { active, idle } = loopTimes();
    this.durationMillis += performance.now() - atMillis;
    this.cpuMicros += user + system;
    this.#activeMillis += active - loop.active;
    this.#idleMillis += idle - loop.idle;
    this.#since = null;
  }

  resume(): void {
    this.#since ??= now();
  }
}

function now() {
  return { atMillis: performance.now(), cpu: process.cpuUsage(), loop: loopTimes() };
}

/** A loop that is kept awake never waits, by its own account. */
function loopTimes(): { readonly active: number; readonly idle: number } {
  const { active, idle } = performance.eventLoopUtilization();
  const awake = idleAwakeMillis();
  return { active: active - awake, idle: idle + awake };
}
