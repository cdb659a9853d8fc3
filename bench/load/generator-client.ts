/** The lab's side of the load generator: starts the process, sends commands, and notices when it is gone. */

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AuthlabError } from '../../src/kernel/errors.ts';
import type { GeneratorWaiting } from '../environment/cores.ts';
import { endedPart } from '../environment/ended-part.ts';
import type { ChildHandle, Supervisor } from '../environment/environment.ts';
import { compiledFile } from '../environment/programs.ts';
import type { Turning } from './alternate.ts';
import type { LoadResult } from './closed-loop.ts';
import type { CredentialHeaders } from './credential-pool.ts';
import { type Deferred, deferred } from './deferred.ts';
import type { OpenLoopResult } from './open-loop.ts';
import {
  type GeneratorAnswer,
  type GeneratorCommand,
  type GeneratorRequest,
  generatorSocketVariable,
  type KeyedTarget,
  type OpenLoopCommand,
  type WindowCommand,
} from './protocol.ts';

export interface GeneratorOptions {
  readonly supervisor: Pick<Supervisor, 'folder' | 'start'>;
  readonly cores?: readonly number[];
  /** Whether it does not sleep while targets send by turns, and whether others have its core first; asleep by default. */
  readonly waiting?: GeneratorWaiting;
  /** The compiled program; by default authlab's own. */
  readonly entry?: string;
  /** How long an answer may be late, beyond the time the load itself lasts. 15 s by default. */
  readonly answerDeadlineMillis?: number;
}

type Answered = Extract<GeneratorAnswer, { readonly ok: true }>;

const startDeadlineMillis = 15_000;
const defaultAnswerDeadlineMillis = 15_000;
/** As long as the report of an uncaught error by Node. */
const outputLinesInMessages = 20;

/**
 * Starts the generator and returns when it is connected. Everything throws ERR_PART_CRASHED when the process has ended,
 * does not answer in time, or says that it cannot do what it was told.
 */
export async function startGenerator(options: GeneratorOptions): Promise<LoadGenerator> {
  const { waiting = 'asleep' } = options;
  const folder = await mkdtemp(join(options.supervisor.folder, 'generator-'));
  const socketPath = join(folder, 'lab.sock');
  const server = createServer();
  try {
    const connected = firstConnection(server, socketPath);
    // Seen again below: a start that fails first must not leave this one without anybody to hear it.
    connected.catch(() => undefined);
    const child = await options.supervisor.start({
      name: 'generator',
      command: process.execPath,
      args: [options.entry ?? compiledFile('bench/load/generator.js')],
      env: { [generatorSocketVariable]: socketPath },
      ...(options.cores ? { cores: options.cores } : {}),
      givesWay: waiting === 'awake-giving-way',
    });
    const gone = child.ended.then(async () => {
      throw await crash(child, 'ended before it had connected');
    });
    try {
      const socket = await withDeadline(Promise.race([connected, gone]), startDeadlineMillis, 'did not start');
      return new LoadGenerator(child, socket, {
        answerDeadlineMillis: options.answerDeadlineMillis ?? defaultAnswerDeadlineMillis,
        staysAwake: waiting !== 'asleep',
      });
    } catch (error) {
      await child.stop();
      throw error;
    }
  } finally {
    // One connection is all there will ever be; it stays open without its name.
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

export class LoadGenerator {
  readonly #child: ChildHandle;
  readonly #socket: Socket;
  readonly #deadlineMillis: number;
  readonly #staysAwake: boolean;
  readonly #pending = new Map<number, Deferred<Answered>>();
  #nextId = 1;
  #fault: AuthlabError | null = null;

  constructor(
    child: ChildHandle,
    socket: Socket,
    { answerDeadlineMillis, staysAwake }: { readonly answerDeadlineMillis: number; readonly staysAwake: boolean },
  ) {
    this.#child = child;
    this.#socket = socket;
    this.#deadlineMillis = answerDeadlineMillis;
    this.#staysAwake = staysAwake;
    // Its end is what is reported; the connection's own error says nothing more.
    socket.on('error', () => undefined);
    createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) =>
      this.#settle(JSON.parse(line) as GeneratorAnswer),
    );
    void child.ended.then(async () => this.#fail(await crash(child, 'ended')));
  }

  /** Hands over a contestant's credentials once; windows then name them by the key. */
  async keepCredentials(key: string, credentials: readonly CredentialHeaders[]): Promise<void> {
    await this.#ask({ type: 'keep-credentials', key, credentials });
  }

  async forgetCredentials(key: string): Promise<void> {
    await this.#ask({ type: 'forget-credentials', key });
  }

  async runWindow(window: WindowCommand): Promise<LoadResult> {
    const { results } = await this.#ask({ type: 'run-window', window }, window.durationMillis);
    const [result] = results;
    if (!result) throw new AuthlabError('ERR_PART_CRASHED', 'the load generator reported nothing about a window');
    return result;
  }

  async runOpenLoop(window: OpenLoopCommand): Promise<OpenLoopResult> {
    const { openLoop } = await this.#ask({ type: 'run-open-loop', window }, window.rampMillis + window.durationMillis);
    if (!openLoop) throw new AuthlabError('ERR_PART_CRASHED', 'the load generator reported nothing of an open loop');
    return openLoop;
  }

  /** Starts a steady load on several nodes at once, beside which something else is measured. */
  async startLoad(targets: readonly KeyedTarget[]): Promise<void> {
    await this.#ask({ type: 'start-load', targets });
  }

  /** Connects to all targets; then they send only while they `alternate`. Ended by `stopLoad`. */
  async startTurns(targets: readonly KeyedTarget[]): Promise<void> {
    await this.#ask({ type: 'start-load', targets, held: true });
  }

  /** Lets them send by turns. Returns, for each, how long it did, in milliseconds. */
  async alternate(turning: Turning): Promise<readonly number[]> {
    const command = { type: 'alternate', ...turning, staysAwake: this.#staysAwake } as const;
    const { sendingMillis } = await this.#ask(command, 4 * turning.sendMillis);
    return sendingMillis ?? [];
  }

  /** Stops that load and tells what it did, target by target. Nothing is running: an empty list. */
  async stopLoad(): Promise<readonly LoadResult[]> {
    const { results } = await this.#ask({ type: 'stop-load' });
    return results;
  }

  /** Ends the process. Safe to call twice, and when it has crashed. */
  async close(): Promise<void> {
    this.#fail(new AuthlabError('ERR_PART_CRASHED', 'the load generator has been closed'));
    this.#socket.destroy();
    await this.#child.stop();
  }

  async #ask(command: GeneratorCommand, durationMillis = 0): Promise<Answered> {
    if (this.#fault) throw this.#fault;
    const request: GeneratorRequest = { id: this.#nextId++, command };
    const answer = deferred<Answered>();
    this.#pending.set(request.id, answer);
    try {
      this.#socket.write(`${JSON.stringify(request)}\n`);
      return await withDeadline(
        answer.promise,
        durationMillis + this.#deadlineMillis,
        `did not answer ${command.type}`,
      );
    } finally {
      this.#pending.delete(request.id);
    }
  }

  #settle(answer: GeneratorAnswer): void {
    const pending = this.#pending.get(answer.id);
    if (answer.ok) pending?.resolve(answer);
    else pending?.reject(new AuthlabError('ERR_PART_CRASHED', `the load generator refused: ${answer.message}`));
  }

  /** The first fault stays. */
  #fail(fault: AuthlabError): void {
    this.#fault ??= fault;
    for (const pending of this.#pending.values()) pending.reject(this.#fault);
  }
}

async function crash(child: ChildHandle, what: string): Promise<AuthlabError> {
  const ended = await child.ended;
  const said = await child.lastOutput(outputLinesInMessages);
  return new AuthlabError('ERR_PART_CRASHED', endedPart(`the load generator ${what}`, ended, said));
}

async function withDeadline<T>(promise: Promise<T>, deadlineMillis: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AuthlabError('ERR_PART_CRASHED', `the load generator ${what} within ${deadlineMillis} ms`)),
      deadlineMillis,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function firstConnection(server: Server, socketPath: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    server.once('connection', resolve);
    server.once('error', (error) =>
      reject(new AuthlabError('ERR_ENVIRONMENT', `cannot listen on ${socketPath}`, { cause: error })),
    );
    server.listen(socketPath);
  });
}
