/** One kept connection over which prepared requests are sent, one at a time: as little as it takes to time an answer. */

import { connect, type Socket } from 'node:net';
import { AuthlabError } from '../../src/kernel/errors.ts';

const headEnd = Buffer.from('\r\n\r\n');
const nothing = Buffer.alloc(0);

/** Status of a whole answer, or null when the connection broke before there was one. */
export type OnAnswer = (status: number | null) => void;

/**
 * Reads answers whose head gives their length (RFC 9112 6.3), which is what Koa sends for JSON. Anything else breaks the
 * connection: an end that is guessed would be a time that is guessed. A broken connection is made anew by the next send.
 */
export class RequestSocket {
  readonly #host: string;
  readonly #port: number;
  #socket: Socket | null = null;
  #received: Buffer = nothing;
  #onAnswer: OnAnswer | null = null;

  constructor(baseUrl: string) {
    const { hostname, port } = new URL(baseUrl);
    this.#host = hostname;
    this.#port = Number(port === '' ? 80 : port);
  }

  /** Resolves when connected. Throws ERR_INPUT_INVALID when there is nobody to connect to. */
  open(): Promise<void> {
    const socket = this.#connected();
    return new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('close', () =>
        reject(new AuthlabError('ERR_INPUT_INVALID', 'the load cannot be sent there: nobody answers')),
      );
    });
  }

  /** `onAnswer` is called once; until then nothing else may be sent. */
  send(request: Buffer, onAnswer: OnAnswer): void {
    const socket = this.#socket ?? this.#connected();
    this.#onAnswer = onAnswer;
    socket.write(request);
  }

  close(): void {
    this.#onAnswer = null;
    this.#socket?.destroy();
  }

  #connected(): Socket {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    socket.on('data', (chunk) => this.#read(socket, chunk));
    // What it was is no matter: the close that follows says that there will be no answer.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#received = nothing;
      this.#answer(null);
    });
    this.#socket = socket;
    return socket;
  }

  #read(socket: Socket, chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const end = this.#received.indexOf(headEnd);
    if (end < 0) return;
    const head = this.#received.toString('latin1', 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      socket.destroy();
      return;
    }
    if (this.#received.length < end + headEnd.length + Number(length)) return;
    this.#received = nothing;
    this.#answer(Number(head.slice(9, 12)));
  }

  #answer(status: number | null): void {
    const onAnswer = this.#onAnswer;
    this.#onAnswer = null;
    onAnswer?.(status);
  }
}
