/** The lab's side of one child: what it said, whether it lives, and the way to end it. */

import { AuthlabError } from '../../src/kernel/errors.ts';
import { ChildOutput, type LineTest } from './child-output.ts';
import { endedPart } from './ended-part.ts';
import type { ChildEnd, ChildHandle } from './environment.ts';
import type { ChildSignal, OutputStream } from './watchdog-protocol.ts';

/** Delivers a signal through the watchdog. */
export type SendSignal = (signal: ChildSignal) => Promise<void>;

const linesInMessages = 20;
const defaultGraceMillis = 3_000;

export class SupervisedChild implements ChildHandle {
  readonly pid: number;
  readonly name: string;
  readonly ended: Promise<ChildEnd>;
  readonly #output = new ChildOutput();
  readonly #sendSignal: SendSignal;
  #end: ChildEnd | null = null;
  #isDismissed = false;
  #settleEnded: (end: ChildEnd) => void = () => undefined;

  constructor(name: string, pid: number, sendSignal: SendSignal) {
    this.name = name;
    this.pid = pid;
    this.#sendSignal = sendSignal;
    this.ended = new Promise((resolve) => {
      this.#settleEnded = resolve;
    });
  }

  get isDismissed(): boolean {
    return this.#isDismissed;
  }

  /** Output has arrived. */
  heard(stream: OutputStream, text: string): void {
    this.#output.add(stream, text);
  }

  /** The child has ended; a second report changes nothing. */
  hasEnded(end: ChildEnd): void {
    if (this.#end !== null) return;
    this.#end = end;
    this.#output.end();
    this.#settleEnded(end);
  }

  lastOutput(lines: number): Promise<string> {
    return Promise.resolve(this.#output.last(lines));
  }

  async waitForOutput(test: LineTest, timeoutMillis: number): Promise<string> {
    const line = await this.#output.waitFor(test, timeoutMillis);
    if (line !== null) return line;
    throw new AuthlabError('ERR_PART_CRASHED', this.#silence(timeoutMillis));
  }

  async signal(signal: ChildSignal): Promise<void> {
    if (this.#end !== null) return;
    if (signal === 'SIGTERM' || signal === 'SIGKILL') this.#isDismissed = true;
    await this.#sendSignal(signal);
  }

  async stop(graceMillis = defaultGraceMillis): Promise<void> {
    await this.signal('SIGTERM');
    await this.signal('SIGCONT');
    if (await this.#endsWithin(graceMillis)) return;
    await this.signal('SIGKILL');
    await this.ended;
  }

  #silence(timeoutMillis: number): string {
    const said = this.#output.last(linesInMessages);
    const end = this.#end;
    // Who ends by itself says why; who is killed cannot.
    if (end !== null && end.signal !== null) return endedPart(`${this.name} ended`, end, said);
    const happened =
      end === null
        ? `did not answer within ${timeoutMillis} ms: end what else keeps this machine busy, and run again`
        : `ended (exit code ${end.code})`;
    return `${this.name} ${happened}${said === '' ? '; it wrote nothing' : `; its last output:\n${said}`}`;
  }

  async #endsWithin(millis: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, millis, false);
    });
    const inTime = await Promise.race([this.ended.then(() => true), tooLate]);
    clearTimeout(timer);
    return inTime;
  }
}
