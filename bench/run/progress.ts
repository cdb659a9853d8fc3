/** What the user sees on stderr while a run goes on: one live line on a terminal, plain lines elsewhere. */

export interface Progress {
  /** A part of the run begins; `estimateMillis` is what the rest of the run is expected to take from here. */
  phase(text: string, remainingMillis: number): void;
  /** Something within the part has been done. */
  step(text: string): void;
  /** A line that stays: a warning, a result as it firms up. */
  note(text: string): void;
  close(): void;
}

export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** How often the live line is redrawn, so that the time left counts down by itself. */
const redrawMillis = 250;

/** Terminal: the line is redrawn in place. Otherwise: a line per phase and per note, none per step. */
export function createProgress(stream: ProgressStream, now: () => number): Progress {
  return stream.isTTY === true ? liveProgress(stream, now) : plainProgress(stream, now);
}

/** Nothing at all, for `--quiet`. */
export const silentProgress: Progress = { phase: () => {}, step: () => {}, note: () => {}, close: () => {} };

function plainProgress(stream: ProgressStream, now: () => number): Progress {
  const startedAt = now();
  const line = (text: string) => stream.write(`[${clockText(now() - startedAt)}] ${text}\n`);
  return {
    phase: (text, remainingMillis) => line(`${text} (about ${clockText(remainingMillis)} left)`),
    step: () => {},
    note: line,
    close: () => {},
  };
}

function liveProgress(stream: ProgressStream, now: () => number): Progress {
  let phaseText = '';
  let stepText = '';
  let endsAt = now();
  const clear = '\r\u001b[2K';
  const draw = () => {
    const left = clockText(Math.max(0, endsAt - now()));
    const text = `${left} left  ${phaseText}${stepText === '' ? '' : `: ${stepText}`}`;
    stream.write(`${clear}${text.slice(0, (stream.columns ?? 80) - 1)}`);
  };
  const timer = setInterval(draw, redrawMillis);
  timer.unref();
  return {
    phase: (text, remainingMillis) => {
      phaseText = text;
      stepText = '';
      endsAt = now() + remainingMillis;
      draw();
    },
    step: (text) => {
      stepText = text;
    },
    note: (text) => {
      stream.write(`${clear}${text}\n`);
      draw();
    },
    close: () => {
      clearInterval(timer);
      stream.write(clear);
    },
  };
}

/** `2:05`: minutes and seconds, rounded up to a whole second. */
export function clockText(millis: number): string {
  const seconds = Math.ceil(Math.max(0, millis) / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
