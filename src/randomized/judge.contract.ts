/** The judge of a randomized run: each answer, and the end of the run, held against SECURITY.md's invariants. */

import type { Position } from '../eventlog/port.ts';
import type { AccessToken, Ending, Exchange, RefreshToken, Session } from './history.contract.ts';
import { judgeExpiry, judgeKey, judgeRefusal, judgeSeparation } from './judge-acceptance.contract.ts';
import {
  judgeConvergence,
  judgeDuration,
  judgePositions,
  judgeProof,
  judgeSettled,
  judgeUnavailability,
} from './judge-following.contract.ts';
import { judgeAcceptance, judgeRefreshAcceptance, learnFromRefusal } from './judge-revocation.contract.ts';
import {
  isSurelyHonest,
  isSurelyReused,
  judgeRefreshRefusal,
  judgeRefreshTimes,
  judgeSuccessor,
  wasSurelyAlive,
} from './judge-rotation.contract.ts';
import { noteLossOnTheWay } from './losses.contract.ts';
import type { Answer } from './messages.contract.ts';
import { looksUp, perhapsExpiredAt, perhapsLost, wasDeposed } from './possible-worlds.contract.ts';
import { demand, Violation } from './violation.contract.ts';
import type { World } from './world.contract.ts';

export class Judge {
  /** All faults are over, and R with them: what may be late must be there now. */
  isFinal = false;
  /** Told of an end that is certain from now on: somebody may want to look whether it is. */
  onCertainEnd: (ending: Ending) => void = () => undefined;
  readonly #world: World;
  readonly #positions = new Map<string, Position>();

  constructor(world: World) {
    this.#world = world;
  }

  answered(exchange: Exchange, answer: Answer | null): void {
    if (answer?.unexpected !== undefined) {
      throw new Violation('I15', `a node met an error that nobody plans for: ${String(answer.unexpected)}`);
    }
    judgeDuration(exchange);
  }

  login(exchange: Exchange): void {
    demand(exchange.outcome !== 'refused', 'I5', () => 'a login with the right password was refused');
    this.served(exchange);
  }

  served(exchange: Exchange): void {
    if (exchange.outcome === 'unknown') judgeUnavailability(this.#world, null, exchange);
  }

  use(token: AccessToken, exchange: Exchange): void {
    const world = this.#world;
    switch (exchange.outcome) {
      case 'ok':
        judgeProof(token.session, exchange);
        judgeExpiry(world, token, exchange);
        judgeKey(world, token, exchange);
        judgeAcceptance(world, token, exchange, this.isFinal);
        return;
      case 'refused':
        judgeRefusal(world, token, exchange);
        learnFromRefusal(world, token, exchange);
        return;
      case 'unknown':
        judgeUnavailability(world, token.session, exchange);
    }
  }

  useElsewhere(token: AccessToken, strategy: string, exchange: Exchange): void {
    judgeSeparation(token, strategy, exchange);
  }

  /** `own`: what the showing of the token may have ended. */
  refresh(token: RefreshToken, own: Ending, successor: string | null): void {
    const world = this.#world;
    const { exchange } = own;
    const isReused = isSurelyReused(world, token, exchange);
    switch (exchange.outcome) {
      case 'ok':
        demand(
          !isReused || wasDeposed(exchange) || world.history.losses.length > 0,
          'I7',
          () => 'a used refresh token was accepted',
        );
        judgeSuccessor(token, successor);
        judgeRefreshTimes(world, token, exchange);
        judgeRefreshAcceptance(world, token.session, exchange, own);
        break;
      case 'refused':
        judgeRefreshRefusal(world, token, own);
        if (isReused && wasSurelyAlive(world, token.session, own)) {
          this.#becomesCertain(own);
          return;
        }
        break;
      case 'unknown':
        judgeUnavailability(world, null, exchange);
    }
    // A token that the log has lost is as good as an old one.
    const isHonest = isSurelyHonest(world, token, exchange) && !perhapsLost(world, token.issue, exchange);
    const isHarmless = exchange.outcome === 'ok' || isHonest;
    if (isHarmless) world.history.endings.splice(world.history.endings.indexOf(own), 1);
  }

  /** A logout was answered, of one session, or of all by one who had to be let in first. */
  ended(ending: Ending, admitted: Session | null = null): void {
    const { exchange, session } = ending;
    if (exchange.outcome === 'unknown') judgeUnavailability(this.#world, admitted, exchange);
    if (exchange.outcome !== 'ok') return;
    // Who finds nothing at a server that was deposed says that it is done; only a look-up can be so wrong.
    if (session !== null && wasDeposed(exchange) && this.#isFoundByLookUp(ending)) return;
    this.#becomesCertain(ending);
  }

  /** Between two steps of a run. */
  look(): void {
    judgePositions(this.#world, this.#positions);
  }

  end(): void {
    for (const exchange of this.#world.history.exchanges) judgeSettled(this.#world, exchange);
    judgeConvergence(this.#world);
  }

  #isFoundByLookUp({ exchange, session }: Ending): boolean {
    const token = session?.accessTokens.at(-1);
    if (session === null || token === undefined) return true;
    return looksUp(session) || perhapsExpiredAt(this.#world, token) <= (exchange.answeredAt ?? 0);
  }

  #becomesCertain(ending: Ending): void {
    ending.certainAt = ending.exchange.answeredAt;
    ending.isAcknowledged = true;
    if (this.#world.options.replicas === 0) noteLossOnTheWay(this.#world, ending);
    this.onCertainEnd(ending);
  }
}
