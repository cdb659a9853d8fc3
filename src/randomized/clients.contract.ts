/** What clients do: they ask nodes, and write down what they sent, what came back, and when. */

import { traitsOf } from '../strategies/registry.ts';
import type { AccessToken, Ending, Exchange, RefreshToken, Session } from './history.contract.ts';
import type { Judge } from './judge.contract.ts';
import type { Answer, Request } from './messages.contract.ts';
import type { NodeProcess } from './node-process.contract.ts';
import type { World } from './world.contract.ts';

type Settled = (exchange: Exchange, answer: Answer | null) => void;

export class Clients {
  readonly #world: World;
  readonly #judge: Judge;

  constructor(world: World, judge: Judge) {
    this.#world = world;
    this.#judge = judge;
  }

  login(process: NodeProcess, user: string, strategy: string): void {
    this.#send(process, { kind: 'login', strategy, user }, (exchange, answer) => {
      this.#judge.login(exchange);
      if (answer?.status !== 200 || answer.refreshToken === undefined) return;
      const sid = answer.refreshToken.slice(0, answer.refreshToken.lastIndexOf('.'));
      const session: Session = {
        user,
        strategy,
        traits: traitsOf(strategy),
        sid,
        partition: Number.parseInt(sid, 10),
        login: exchange,
        accessTokens: [],
        refreshTokens: [],
      };
      this.#world.history.sessions.push(session);
      this.#take(session, exchange, answer);
    });
  }

  use(process: NodeProcess, token: AccessToken): void {
    const { strategy } = token.session;
    this.#send(process, { kind: 'use', strategy, accessToken: token.text }, (exchange) =>
      this.#judge.use(token, exchange),
    );
  }

  /** The credential of one strategy, shown to another. */
  useElsewhere(process: NodeProcess, token: AccessToken, strategy: string): void {
    const request: Request = { kind: 'use', strategy, accessToken: token.text };
    this.#send(process, request, (exchange) => this.#judge.useElsewhere(token, strategy, exchange));
  }

  /** The newest refresh token, or an older one; whether that is a theft or an honest retry is for the judge to say. */
  refresh(process: NodeProcess, token: RefreshToken): void {
    const { session, text } = token;
    const request: Request = { kind: 'refresh', strategy: session.strategy, refreshToken: text };
    const exchange = this.#send(process, request, (settled, answer) => {
      const isKnown = session.refreshTokens[token.generation + 1];
      this.#judge.refresh(token, ending, answer?.refreshToken ?? null);
      if (answer?.status === 200) this.#take(session, settled, answer, isKnown ?? null);
    });
    token.shown.push(exchange);
    const ending = this.#ending('reuse', exchange, { user: session.user, session });
  }

  /** With all that the browser has: the access token and the cookie. */
  logout(process: NodeProcess, session: Session): void {
    const request = { kind: 'logout', strategy: session.strategy, ...this.#credentialsOf(session) } as const;
    const exchange = this.#send(process, request, () => this.#judge.ended(ending));
    const ending = this.#ending('logout', exchange, { user: session.user, session });
  }

  /** All sessions of the user, or all but this one by a change of the password. */
  endAll(process: NodeProcess, session: Session, kind: 'logout-all' | 'change-password'): void {
    const { user, strategy } = session;
    const token = session.accessTokens.at(-1);
    if (token === undefined) return;
    const request: Request = { kind, strategy, accessToken: token.text };
    const exchange = this.#send(process, request, () => {
      if (exchange.outcome !== 'refused') this.#judge.ended(ending, session);
      else {
        this.#forget(ending);
        this.#judge.use(token, exchange);
      }
    });
    const kept = kind === 'change-password' ? session : null;
    const ending = this.#ending(kept === null ? 'logout-all' : 'password-changed', exchange, { user, kept });
  }

  rotateKeys(process: NodeProcess, isEmergency: boolean): void {
    const request: Request = { kind: 'rotate-keys', strategy: 'hybrid-hs256', isEmergency };
    this.#send(process, request, (exchange) => this.#judge.served(exchange));
  }

  #ending(
    kind: Ending['kind'],
    exchange: Exchange,
    scope: { readonly user: string; readonly session?: Session; readonly kept?: Session | null },
  ): Ending {
    const { user, session = null, kept = null } = scope;
    const ending = { kind, user, session, kept, exchange, certainAt: null, isAcknowledged: false, lost: null };
    this.#world.history.endings.push(ending);
    return ending;
  }

  #forget(ending: Ending): void {
    const { endings } = this.#world.history;
    endings.splice(endings.indexOf(ending), 1);
  }

  #credentialsOf({ accessTokens, refreshTokens }: Session): Pick<Request, 'accessToken' | 'refreshToken'> {
    const accessToken = accessTokens.at(-1)?.text;
    const refreshToken = refreshTokens.at(-1)?.text;
    return {
      ...(accessToken === undefined ? {} : { accessToken }),
      ...(refreshToken === undefined ? {} : { refreshToken }),
    };
  }

  /** What a login or a refresh has brought. `known` is the successor that another answer had brought before. */
  #take(session: Session, issue: Exchange, answer: Answer, known: RefreshToken | null = null): void {
    const { accessToken, refreshToken } = answer;
    if (accessToken !== undefined) {
      session.accessTokens.push({ session, text: accessToken, kid: kidOf(accessToken), issue });
    }
    if (refreshToken === undefined || known !== null) return;
    const generation = session.refreshTokens.length;
    session.refreshTokens.push({ session, text: refreshToken, generation, issue, shown: [] });
  }

  #send(process: NodeProcess, request: Request, settled: Settled): Exchange {
    const { time, clients, history, fraction } = this.#world;
    const { now } = time;
    const exchange: Exchange = {
      kind: request.kind,
      process,
      sentAt: now,
      handledAt: null,
      answeredAt: null,
      outcome: 'unknown',
    };
    history.exchanges.push(exchange);
    const settle = (answer: Answer | null): void => {
      if (exchange.answeredAt !== null) return;
      process.waiting.delete(lost);
      exchange.answeredAt = time.now;
      if (answer?.status === 200) exchange.outcome = 'ok';
      if (answer?.status === 401) exchange.outcome = 'refused';
      this.#judge.answered(exchange, answer);
      settled(exchange, answer);
    };
    const lost = (): void => settle(null);
    process.waiting.add(lost);
    const handled = (): void => {
      exchange.handledAt = time.now;
    };
    const delay = (): number => 1 + Math.floor(fraction() * 4);
    if (process.actor.isDead) time.plan(clients, delay(), lost);
    time.plan(process.actor, delay(), () => {
      void process.answer(request, handled).then((answer) => time.plan(clients, delay(), () => settle(answer)));
    });
    return exchange;
  }
}

/** What a client cannot know, and the judge must: the key that signed. */
function kidOf(token: string): string | null {
  const [header, payload] = token.split('.');
  if (header === undefined || payload === undefined || token.split('.').length !== 3) return null;
  return JSON.parse(Buffer.from(header, 'base64url').toString()).kid ?? null;
}
