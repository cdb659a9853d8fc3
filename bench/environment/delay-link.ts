/**
 * The delay link: a process between nodes and Redis that lengthens every round trip by a time that can be set.
 *
 * Its own time, on a machine with two cores: none while nothing is under way; with one round trip after the other a third
 * of a core at 0 ms, 0.44 at 0.5 ms, 0.07 at 5 ms; with ten at once 0.6 to 0.95 of a core up to 2 ms. It passes on some ten to twenty
 * thousand round trips a second: a throughput near that is the link's, not Redis'.
 */

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { AuthlabError } from '../../src/kernel/errors.ts';
import {
  type LinkAnswer,
  type LinkCommand,
  linkSocketVariable,
  linkTargetHostVariable,
  linkTargetPortVariable,
} from './delay-link-protocol.ts';
import type { ChildHandle, Supervisor } from './environment.ts';
import { compiledFile } from './programs.ts';
import { redisAddress } from './redis-client.ts';

export const maxAddedMillis = 100;

export interface DelayLinkOptions {
  readonly supervisor: Pick<Supervisor, 'folder' | 'start'>;
  /** Redis URL. Host and port are all that the link's process learns of it. */
  readonly target: string;
  readonly cores?: readonly number[];
  /** The compiled program; by default authlab's own. */
  readonly entry?: string;
  /** How long an answer may take. 15 s by default. */
  readonly answerDeadlineMillis?: number;
}

export interface DelayLink {
  /** On 127.0.0.1. */
  readonly port: number;
  /**
   * The target's URL with the link in place of its host and port; scheme, user, password and database are the same. Over
   * TLS (`rediss://`) the server's certificate must hold 127.0.0.1.
   */
  readonly url: string;
  /**
   * Adds so many milliseconds to each round trip, half each way; connections stand. 0 to 100, with a fraction; 0 at the
   * start. When it resolves, whatever was under way has arrived, and what is sent takes the new time.
   *
   * What passing through costs even at 0 comes on top, a tenth to a fifth of a millisecond: the time added is to be measured.
   *
   * @throws ERR_INPUT_INVALID out of that range; ERR_PART_CRASHED the process has ended or does not answer.
   */
  setAddedMillis(addedMillis: number): Promise<void>;
  /** Ends the process, and with it every connection. Safe to call twice, and when it has crashed. */
  close(): Promise<void>;
}

const defaultAnswerDeadlineMillis = 15_000;

/**
 * Starts the link and returns when it passes connections on. Whether the target answers is not asked: it may come later.
 * @throws ERR_INPUT_INVALID the target is no Redis URL; ERR_PART_CRASHED it does not come up.
 */
export async function startDelayLink(options: DelayLinkOptions): Promise<DelayLink> {
  const { supervisor, target, cores, answerDeadlineMillis = defaultAnswerDeadlineMillis } = options;
  const socketPath = join(supervisor.folder, `link-${randomUUID()}.sock`);
  const child = await supervisor.start({
    name: 'delay-link',
    command: process.execPath,
    args: [options.entry ?? compiledFile('bench/environment/delay-link-program.js')],
    env: { ...targetSettings(target), [linkSocketVariable]: socketPath },
    ...(cores && { cores }),
  });
  try {
    const said = await child.waitForOutput((line) => answerIn(line)?.event === 'listening', answerDeadlineMillis);
    const answer = answerIn(said);
    const port = answer?.event === 'listening' ? answer.port : 0;
    const commands = await connectTo(socketPath);
    return new StartedLink(child, commands, answerDeadlineMillis, port, urlOver(port, target));
  } catch (error) {
    await child.stop(0);
    throw error;
  }
}

class StartedLink implements DelayLink {
  readonly port: number;
  readonly url: string;
  readonly #child: ChildHandle;
  readonly #commands: Socket;
  readonly #deadlineMillis: number;
  #lastId = 0;

  constructor(child: ChildHandle, commands: Socket, answerDeadlineMillis: number, port: number, url: string) {
    this.#child = child;
    this.#commands = commands;
    this.#deadlineMillis = answerDeadlineMillis;
    this.port = port;
    this.url = url;
    // The process's own end is what is reported; the connection's error says nothing more.
    commands.on('error', () => undefined);
  }

  async setAddedMillis(addedMillis: number): Promise<void> {
    if (!(addedMillis >= 0 && addedMillis <= maxAddedMillis)) {
      const range = `0 to ${maxAddedMillis} ms can be added to a round trip`;
      throw new AuthlabError('ERR_INPUT_INVALID', `${range}, not ${addedMillis}`);
    }
    this.#lastId += 1;
    const command: LinkCommand = { id: this.#lastId, addedMillis };
    this.#commands.write(`${JSON.stringify(command)}\n`);
    await this.#child.waitForOutput((line) => {
      const answer = answerIn(line);
      return answer?.event === 'added' && answer.id === command.id;
    }, this.#deadlineMillis);
  }

  async close(): Promise<void> {
    this.#commands.destroy();
    await this.#child.stop();
  }
}

async function connectTo(socketPath: string): Promise<Socket> {
  const commands = connect(socketPath);
  try {
    await once(commands, 'connect');
    return commands;
  } catch (cause) {
    throw new AuthlabError('ERR_PART_CRASHED', 'the delay link takes no commands', { cause });
  }
}

function targetSettings(target: string): Record<string, string> {
  const address = redisAddress(target);
  const colon = address.lastIndexOf(':');
  return {
    // An IPv6 address stands in brackets in a URL, and without them elsewhere.
    [linkTargetHostVariable]: address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'),
    [linkTargetPortVariable]: address.slice(colon + 1),
  };
}

function urlOver(port: number, target: string): string {
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = `${port}`;
  return url.href;
}

/** Null for a line that is no answer: a warning of Node's, say. */
function answerIn(line: string): LinkAnswer | null {
  return line.startsWith('{"event":') ? (JSON.parse(line) as LinkAnswer) : null;
}
