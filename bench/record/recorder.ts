/** Writes a run's events, each one whole and on the disk before the run goes on: what was measured survives any crash. */

import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AuthlabError } from '../../src/kernel/errors.ts';
import type { RunEvent } from './run-events.ts';
import { recordFileOf, runIdOf } from './run-folder.ts';

export interface RecorderOptions {
  /** Folder that holds all runs; made when it is missing. */
  readonly runsFolder: string;
  readonly scenarioName: string;
  /** Wall time in milliseconds since the Unix epoch. */
  readonly startedAtMillis: number;
  /** How bytes reach a file: `fs.writeSync`, unless a test fills the disk. Returns how many were written. */
  readonly write?: WriteBytes;
}

export type WriteBytes = (file: number, bytes: Buffer, offset: number) => number;

export interface Recorder {
  /** Name of the run's folder, unique within the runs' folder. */
  readonly runId: string;
  readonly folder: string;
  /**
   * Appends one event as one line and returns when the disk has it. A line is written whole or not at all.
   *
   * @throws AuthlabError ERR_OUTPUT when it cannot be written (disk full, folder gone) or the recorder is closed.
   */
  append(event: RunEvent): void;
  /** Safe to call twice. */
  close(): void;
}

/** A disk without this much left would lose the run half-way: an event of a long run is some kilobytes. */
const trialBytes = 1_048_576;
/** Runs of one scenario within one second: more than a person starts. */
const maximumRunsPerSecond = 100;

/**
 * Makes the run's folder and its empty record, after proving that the disk takes writes, so that a run never measures
 * for minutes only to find that it cannot keep the result.
 *
 * @throws AuthlabError ERR_OUTPUT
 */
export function openRecorder(options: RecorderOptions): Recorder {
  const write: WriteBytes = options.write ?? writeSync;
  const { runId, folder } = makeRunFolder(options);
  proveWritable(folder, write);
  const file = attempt(folder, () => openSync(recordFileOf(folder), 'ax'));
  return recorderOn(file, write, runId, folder);
}

function recorderOn(file: number, write: WriteBytes, runId: string, folder: string): Recorder {
  let wholeBytes = 0;
  let open = true;
  return {
    runId,
    folder,
    append(event) {
      if (!open) throw new AuthlabError('ERR_OUTPUT', `The record of ${runId} is closed.`);
      const line = Buffer.from(`${JSON.stringify(event)}\n`);
      try {
        writeWhole(file, line, write);
        fsyncSync(file);
      } catch (cause) {
        // Cuts off what may have been written of the line, or the next one would be glued to it.
        truncateQuietly(file, wholeBytes);
        throw outputFault(folder, cause);
      }
      wholeBytes += line.length;
    },
    close() {
      if (open) closeSync(file);
      open = false;
    },
  };
}

function makeRunFolder({ runsFolder, scenarioName, startedAtMillis }: RecorderOptions): {
  runId: string;
  folder: string;
} {
  attempt(runsFolder, () => makeFolder(runsFolder));
  const base = runIdOf(startedAtMillis, scenarioName);
  for (let run = 1; run <= maximumRunsPerSecond; run += 1) {
    const runId = run === 1 ? base : `${base}-${run}`;
    const folder = join(runsFolder, runId);
    if (attempt(folder, () => madeAnew(folder))) return { runId, folder };
  }
  throw new AuthlabError('ERR_OUTPUT', `${runsFolder} already holds ${maximumRunsPerSecond} runs named ${base}.`);
}

/** Not `recursive`, which never returns where a file system refuses a folder in one that exists (`/proc`). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(resolve(folder)));
  madeAnew(folder);
}

function madeAnew(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function proveWritable(folder: string, write: WriteBytes): void {
  const trial = join(folder, '.writable');
  try {
    const file = openSync(trial, 'wx');
    try {
      writeWhole(file, Buffer.alloc(trialBytes), write);
      fsyncSync(file);
    } finally {
      closeSync(file);
      rmSync(trial, { force: true });
    }
  } catch (cause) {
    // The folder was made a moment ago and holds nothing; left there, it would look like a run.
    rmSync(folder, { force: true, recursive: true });
    throw outputFault(folder, cause);
  }
}

function writeWhole(file: number, bytes: Buffer, write: WriteBytes): void {
  for (let written = 0; written < bytes.length; ) written += write(file, bytes, written);
}

function truncateQuietly(file: number, length: number): void {
  try {
    ftruncateSync(file, length);
  } catch {
    // The reader leaves a torn last line out; the fault that led here is the one worth telling.
  }
}

function attempt<Value>(place: string, action: () => Value): Value {
  try {
    return action();
  } catch (cause) {
    throw outputFault(place, cause);
  }
}

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space or choose another folder',
  EDQUOT: 'the disk quota is used up; free some space or choose another folder',
  EACCES: 'this user may not write there; choose another folder',
  EPERM: 'this user may not write there; choose another folder',
  EROFS: 'the file system is read-only; choose another folder',
  ENOTDIR: 'a file stands where a folder is needed; choose another folder',
  EEXIST: 'a file stands where a folder is needed; choose another folder',
  ENOENT: 'the folder is gone',
};

function outputFault(place: string, cause: unknown): AuthlabError {
  const code = codeOf(cause);
  const remedy = remedies[code] ?? 'writing failed';
  return new AuthlabError('ERR_OUTPUT', `Cannot write to ${place}: ${remedy} (${code}).`, { cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown cause';
}
