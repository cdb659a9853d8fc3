/** Commands on the realm's signing keys: provide, add, rotate, and let happen what is due. */

import type { RetireOld } from '../domain/signing-key-events.ts';
import {
  activeKey,
  type NewSigningKey,
  type SigningKeyCommand,
  type SigningKeysOutcome,
  type SigningKeysState,
  signingKeys,
  stagedKey,
} from '../domain/signing-keys.ts';
import { fold } from '../kernel/decider.ts';
import { AuthlabError } from '../kernel/errors.ts';
import { readSigningKeys, writeSigningKeys } from '../projections/inline/signing-keys-state.ts';
import type { CommandContext } from './context.ts';
import { appendUntilKnown } from './execute.ts';

export interface SigningKeysContext extends CommandContext {
  /** The stream in which these nodes' keys stand. */
  readonly stream: string;
  /** S: for how long a node may answer without having heard of an event. */
  readonly stalenessLimitMillis: number;
}

/** Makes a key and seals it; called only when one is needed, because some take a second of CPU. */
export type MakeKey = () => Promise<NewSigningKey>;

export interface RotatedSigningKey {
  readonly kid: string;
  /** From when on it signs. */
  readonly activateAtMillis: number;
}

/** Sees to it that some key of the algorithm signs. One round trip where one does, else two. Throws as `execute` does. */
export async function provideSigningKey(
  context: SigningKeysContext,
  algorithm: string,
  makeKey: MakeKey,
): Promise<void> {
  const { state } = await readSigningKeys(context.log, context.stream);
  if (activeKey(state, algorithm) !== undefined) return;
  const key = await makeKey();
  await executeOnKeys(context, (atMillis) => ({ type: 'ProvideSigningKey', atMillis, key }));
}

/** Sees to it that this key signs: now if none does, else as in a rotation; unless its time is over. Throws as `execute`. */
export function addSigningKey(context: SigningKeysContext, key: NewSigningKey): Promise<SigningKeysOutcome> {
  return executeOnKeys(context, (atMillis) => ({
    type: 'AddSigningKey',
    atMillis,
    key,
    activateAtMillis: atMillis + activationDelayMillis(context),
  }));
}

export interface RotateSigningKeyInput {
  readonly algorithm: string;
  readonly makeKey: MakeKey;
  readonly retireOld: RetireOld;
}

/**
 * Publishes a new key and says from when it signs; whichever node notices first that it is due makes it sign. A rotation
 * under way that does what is asked is answered with its own key. Throws as `execute` does; given again after an unknown
 * outcome, it finds what was done.
 */
export async function rotateSigningKey(
  context: SigningKeysContext,
  { algorithm, makeKey, retireOld }: RotateSigningKeyInput,
): Promise<RotatedSigningKey> {
  const { state } = await readSigningKeys(context.log, context.stream);
  const staged = stagedKey(state, algorithm, retireOld);
  if (staged !== undefined) return { kid: staged.kid, activateAtMillis: staged.activateAtMillis };
  const key = await makeKey();
  const outcome = await executeOnKeys(context, (atMillis) => ({
    type: 'RotateSigningKey',
    atMillis,
    key,
    activateAtMillis: atMillis + activationDelayMillis(context),
    retireOld,
  }));
  if (outcome.type === 'signs') return { kid: outcome.kid, activateAtMillis: outcome.activateAtMillis };
  throw new AuthlabError('ERR_LOG_CORRUPT', 'A rotation ended in something that is no rotation.');
}

/** Lets happen what is due: activations, retirements. Every node may call it at any time; it happens once. Throws as `execute`. */
export async function advanceSigningKeys(context: SigningKeysContext): Promise<void> {
  const { accessTokenMillis, leewayMillis, skewMillis } = context.policy;
  // Nodes that have not followed the activation yet go on signing with the old key, but no longer than they may answer.
  const retirementDelayMillis = activationDelayMillis(context) + accessTokenMillis + leewayMillis + skewMillis;
  await executeOnKeys(context, (atMillis) => ({ type: 'AdvanceSigningKeys', atMillis, retirementDelayMillis }));
}

/**
 * From the decision to add a key until it may sign: by then every node that answers has followed the event. The append
 * may take its deadline, its last attempt as long again, and another node's clock may be ahead.
 */
export function activationDelayMillis(context: SigningKeysContext): number {
  return context.stalenessLimitMillis + context.policy.skewMillis + 2 * context.deadlineMillis;
}

/** Load, decide, append, and again while other nodes were faster. */
async function executeOnKeys(
  context: SigningKeysContext,
  commandAt: (atMillis: number) => SigningKeyCommand,
): Promise<SigningKeysOutcome> {
  const { log, clock, stream } = context;
  const giveUpAt = clock.monotonicMillis() + context.deadlineMillis;
  for (;;) {
    const { version, operationId, state } = await readSigningKeys(log, stream);
    const { events, outcome } = signingKeys.decide(commandAt(clock.wallMillis()), state);
    if (events.length === 0) return outcome;
    const after: SigningKeysState = fold(signingKeys.evolve, state, events);
    const result = await appendUntilKnown(context, giveUpAt, {
      partition: 'realm',
      stream,
      expectedVersion: version,
      expectedOperationId: operationId,
      events,
      effects: [],
      state: writeSigningKeys(after),
      operationId: context.random(16).toString('base64url'),
    });
    if (result.ok) return outcome;
    if (clock.monotonicMillis() >= giveUpAt) {
      throw new AuthlabError('ERR_LOG_CONTENDED', 'Too many writers on the signing keys; nothing was changed.');
    }
  }
}
