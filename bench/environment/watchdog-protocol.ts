/** What the lab and its watchdog tell each other: one JSON message each, over the IPC channel that Node opens. */

export type ChildSignal = 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT';

/** A program with its arguments, never a shell line. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

export type LabMessage =
  | {
      readonly type: 'start';
      /** Chosen by the lab, never reused. */
      readonly child: number;
      readonly name: string;
      readonly program: Command;
      /** Added to the watchdog's own environment. */
      readonly env: Readonly<Record<string, string>>;
      /** Run once the child has ended, for what a child leaves behind where no signal reaches. */
      readonly cleanUp: Command | null;
    }
  | { readonly type: 'signal'; readonly child: number; readonly request: number; readonly signal: ChildSignal }
  /** The same as closing the channel: everything ends. */
  | { readonly type: 'close' };

export type WatchdogMessage =
  /** First of all: the temporary folder exists and the watchdog listens. */
  | { readonly type: 'ready'; readonly folder: string }
  | { readonly type: 'started'; readonly child: number; readonly pid: number }
  | { readonly type: 'refused'; readonly child: number; readonly reason: string }
  /** Output as it came, cut anywhere. */
  | { readonly type: 'output'; readonly child: number; readonly stream: OutputStream; readonly text: string }
  /** The signal has been handed to the kernel, or the child had already ended. */
  | { readonly type: 'signalled'; readonly request: number }
  /** Sent once, after the last output and after the clean-up. */
  | { readonly type: 'ended'; readonly child: number; readonly code: number | null; readonly signal: string | null };

export type OutputStream = 'stdout' | 'stderr';
