/** Starts `authlab` as a user would, in a folder of its own, and finds every process that belongs to it. For tests. */

import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const cli = join(import.meta.dirname, '../../dist/bench/cli.js');

export class LabProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'authlab-run-test-'));
  readonly temporary = join(this.folder, 'tmp');
  readonly runs = join(this.folder, 'runs');
  readonly #mark = randomUUID();
  readonly #lines: string[] = [];
  readonly #listeners = new Set<() => void>();
  #child: ChildProcess | null = null;
  stdout = '';

  constructor() {
    mkdirSync(this.temporary);
  }

  /** Runs to its end unless a signal is sent meanwhile. */
  start(...args: readonly string[]): Promise<{ code: number | null; signal: string | null }> {
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: this.folder,
      env: { ...process.env, TMPDIR: this.temporary, LAB_PROCESS_MARK: this.#mark, REDIS_URL: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.#lines.push(line);
      for (const listener of this.#listeners) listener();
    });
    return new Promise((resolve) => {
      child.on('close', (code, signal) => {
        for (const listener of this.#listeners) listener();
        resolve({ code, signal });
      });
    });
  }

  get stderr(): string {
    return this.#lines.join('\n');
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  /** Resolves when a line of stderr holds the text; rejects when the process ends before. */
  async line(text: string): Promise<void> {
    while (!this.#lines.some((line) => line.includes(text))) {
      if (this.#child?.exitCode != null) throw new Error(`ended without "${text}":\n${this.stderr}`);
      await new Promise<void>((resolve) => {
        const heard = () => {
          this.#listeners.delete(heard);
          resolve();
        };
        this.#listeners.add(heard);
      });
    }
  }

  /** Process ids of everything that was started by it and is still there, itself included. */
  living(): readonly string[] {
    return readdirSync('/proc').filter((name) => {
      if (!/^\d+$/.test(name)) return false;
      try {
        if (readFileSync(`/proc/${name}/stat`, 'utf8').includes(') Z ')) return false;
        // A Redis writes its title over its environment: it is known by the folder that it works in.
        const isOurs = readFileSync(`/proc/${name}/environ`, 'utf8').includes(this.#mark);
        return isOurs || readlinkSync(`/proc/${name}/cwd`).startsWith(this.temporary);
      } catch {
        return false;
      }
    });
  }

  /** Those of them whose command line holds the text: `src/server.js`, `redis-server`. */
  running(program: string): readonly number[] {
    return this.living()
      .filter((pid) => commandLine(pid).includes(program))
      .map(Number);
  }

  /** Those of them that are Redis servers or Sentinels of a fault: each works in a folder of its own. */
  faultServers(): readonly string[] {
    return this.living().filter((pid) => readlinkSync(`/proc/${pid}/cwd`).includes('/server-'));
  }

  /** Where the Redis listens that it has started for itself. */
  redisUrl(): string {
    const [pid] = this.running('redis-server');
    const port = /127\.0\.0\.1:(\d+)/.exec(commandLine(`${pid}`))?.[1];
    if (port === undefined) throw new Error('it has started no Redis');
    return `redis://127.0.0.1:${port}`;
  }

  /** What it left in the folder for temporary files. */
  leftovers(): readonly string[] {
    return readdirSync(this.temporary);
  }

  /** The folder of its only run. */
  runFolder(): string {
    const [name = ''] = readdirSync(this.runs);
    return join(this.runs, name);
  }

  remove(): void {
    this.#child?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
