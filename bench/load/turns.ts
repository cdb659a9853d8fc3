/** Lets a load pause between two requests and go on over the same connections: several loads can take turns. */

import type autocannon from 'autocannon';
import { AuthlabError } from '../../src/kernel/errors.ts';
import { deferred } from './deferred.ts';

/** autocannon's client sends its next request by this method of its own; its types do not list it. */
interface Sender {
  _doRequest(): void;
}

/** A request that gets no answer must not keep the others waiting for their turn. */
const patienceMillis = 2_000;

export class Turns {
  #isHeld = false;
  #underWay = 0;
  #waiting: (() => void)[] = [];
  #quiet: (() => void) | null = null;

  /** To be called before the client connects, which is when it sends its first request. Throws ERR_ENVIRONMENT when this version of autocannon cannot be made to wait. */
  admit(client: autocannon.Client & Partial<Sender>): void {
    const send = client._doRequest?.bind(client);
    if (send === undefined) throw new AuthlabError('ERR_ENVIRONMENT', 'this version of autocannon cannot be held');
    client._doRequest = () => {
      if (this.#isHeld) this.#waiting.push(send);
      else this.#send(send);
    };
    client.on('response', () => this.#answered());
  }

  /** No connection sends another request. Returns when none waits for an answer, or after two seconds. */
  async hold(): Promise<void> {
    this.#isHeld = true;
    if (this.#underWay <= 0) return;
    const { promise, resolve } = deferred<void>();
    const timer = setTimeout(resolve, patienceMillis);
    this.#quiet = resolve;
    await promise;
    clearTimeout(timer);
    this.#quiet = null;
  }

  /** All connections send again. */
  go(): void {
    this.#isHeld = false;
    for (const send of this.#waiting.splice(0)) this.#send(send);
  }

  #send(send: () => void): void {
    this.#underWay += 1;
    send();
  }

  #answered(): void {
    this.#underWay -= 1;
    if (this.#underWay <= 0) this.#quiet?.();
  }
}
