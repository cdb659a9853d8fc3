/** The longest time for which a starting process could answer nobody. In the lab alone: watching takes a timer. */

import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Between two looks; a pause is known to so much. */
const resolutionMillis = 1;

export interface PauseWatch {
  /** No more is watched. What is under way at this moment still counts. */
  end(): void;
  /** By which the event loop came late to a timer at most, in milliseconds. */
  longestMillis(): number;
}

/** Watches from now on. */
export function watchPauses(): PauseWatch {
  const intervals = monitorEventLoopDelay({ resolution: resolutionMillis });
  intervals.enable();
  let isEnding = false;
  return {
    end() {
      if (isEnding) return;
      isEnding = true;
      // A pause is only noticed by the look after it.
      setTimeout(() => intervals.disable(), 5 * resolutionMillis).unref();
    },
    longestMillis: () => Math.max(0, intervals.max / 1_000_000 - resolutionMillis),
  };
}
