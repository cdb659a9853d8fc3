/** The channel to the watchdog: requests and their answers, the children it reports, and what to do when it dies. */

import type { ChildProcess } from 'node:child_process';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { endedPart } from './ended-part.ts';
import type { ChildRequest } from './environment.ts';
import { SupervisedChild } from './supervised-child.ts';
import type { ChildSignal, Command, LabMessage, WatchdogMessage } from './watchdog-protocol.ts';

const startDeadlineMillis = 10_000;
/** The watchdog gives itself less than two seconds; after this it is killed with its whole group. */
const watchdogDeadlineMillis = 4_000;
const stderrKeptChars = 4_000;

/** Something that the watchdog has been asked and has not answered yet. */
interface Pending<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: AuthlabError) => void;
}

export class WatchdogConnection {
  readonly #process: ChildProcess;
  readonly #children = new Map<number, SupervisedChild>();
  readonly #pendingStarts = new Map<number, Pending<SupervisedChild> & { readonly name: string }>();
  readonly #pendingSignals = new Map<number, Pending<void>>();
  readonly #ended: Promise<void>;
  readonly #ready: Promise<string>;
  #settleReady: Pending<string> = { resolve: () => undefined, reject: () => undefined };
  #lastNumber = 0;
  #stderr = '';
  #crash: AuthlabError | null = null;

  constructor(watchdog: ChildProcess) {
    this.#process = watchdog;
    this.#ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    watchdog.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrKeptChars);
    });
    watchdog.on('message', (message: WatchdogMessage) => this.#receive(message));
    this.#ended = new Promise((resolve) => {
      const died = (how: string) => {
        this.#died(how);
        resolve();
      };
      watchdog.once('error', (error) => died(error.message));
      watchdog.once('close', (code, signal) => died(signal ?? `exit code ${code}`));
    });
  }

  /** The temporary folder. */
  async ready(): Promise<string> {
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), startDeadlineMillis);
    try {
      return await this.#ready;
    } finally {
      clearTimeout(timer);
    }
  }

  startChild(request: ChildRequest, program: Command): Promise<SupervisedChild> {
    const child = this.#nextNumber();
    const { name, env = {}, cleanUp = null } = request;
    return new Promise((resolve, reject) => {
      this.#pendingStarts.set(child, { name, resolve, reject });
      this.#send({ type: 'start', child, name, program, env, cleanUp }, reject);
    });
  }

  /** Resolves when the watchdog has ended, which it does after everything else. */
  async close(): Promise<void> {
    if (this.#crash === null) {
      this.#send({ type: 'close' }, () => undefined);
      const timer = setTimeout(() => this.#killGroup(), watchdogDeadlineMillis);
      await this.#ended;
      clearTimeout(timer);
    }
  }

  #receive(message: WatchdogMessage): void {
    switch (message.type) {
      case 'ready':
        this.#settleReady.resolve(message.folder);
        break;
      case 'started':
      case 'refused':
        this.#answerStart(message);
        break;
      case 'signalled':
        this.#pendingSignals.get(message.request)?.resolve();
        this.#pendingSignals.delete(message.request);
        break;
      case 'output':
        this.#children.get(message.child)?.heard(message.stream, message.text);
        break;
      case 'ended':
        this.#children.get(message.child)?.hasEnded(message);
        this.#children.delete(message.child);
        break;
    }
  }

  /** The handle exists from here on, in the same turn: output or an end that follows at once finds it. */
  #answerStart(message: Extract<WatchdogMessage, { type: 'started' | 'refused' }>): void {
    const pending = this.#pendingStarts.get(message.child);
    this.#pendingStarts.delete(message.child);
    if (pending === undefined) return;
    if (message.type === 'refused') {
      pending.reject(new AuthlabError('ERR_ENVIRONMENT', `cannot start ${pending.name}: ${message.reason}`));
      return;
    }
    const sendSignal = (signal: ChildSignal) => this.#signal(message.child, signal);
    const child = new SupervisedChild(pending.name, message.pid, sendSignal);
    this.#children.set(message.child, child);
    pending.resolve(child);
  }

  async #signal(child: number, signal: ChildSignal): Promise<void> {
    const request = this.#nextNumber();
    await new Promise<void>((resolve, reject) => {
      this.#pendingSignals.set(request, { resolve, reject });
      this.#send({ type: 'signal', child, request, signal }, reject);
    });
  }

  #send(message: LabMessage, reject: (error: AuthlabError) => void): void {
    if (this.#crash !== null) reject(this.#crash);
    // The error of a channel that is closing says nothing of its own: the end of the process follows and is reported.
    else this.#process.send(message, () => undefined);
  }

  /** Kills what the watchdog can no longer kill, and tells everyone who waits for it. */
  #died(how: string): void {
    const message = endedPart('the watchdog ended', { code: null, signal: how }, this.#stderr);
    this.#crash = new AuthlabError('ERR_PART_CRASHED', message);
    this.#killGroup();
    for (const child of this.#children.values())
      child.hasEnded({ code: null, signal: 'SIGKILL', watchdog: this.#crash });
    this.#children.clear();
    this.#settleReady.reject(this.#crash);
    for (const pending of [...this.#pendingStarts.values(), ...this.#pendingSignals.values()]) {
      pending.reject(this.#crash);
    }
  }

  /** The watchdog's group holds every child, those included that have not been reported yet. */
  #killGroup(): void {
    try {
      if (this.#process.pid !== undefined) process.kill(-this.#process.pid, 'SIGKILL');
    } catch {
      // Nobody is left in it.
    }
  }

  #nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }
}
