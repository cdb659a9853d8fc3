/** What goes into the scripts and comes out of them: an append request, a position, a user record. */

import { AuthlabError } from '../kernel/errors.ts';
import { operationLifetimeMillis } from './append-script.ts';
import type { KeyNames } from './key-names.ts';
import type { AppendRequest, Partition, Position, UserRecord } from './port.ts';

/** KEYS and ARGV as the header of `append-script.ts` lists them. */
export function appendArguments(names: KeyNames, request: AppendRequest): { keys: string[]; args: string[] } {
  const { partition, stream, events } = request;
  const keys = [
    names.events(partition),
    names.meta(partition),
    names.user(partition, stream),
    names.revocations(partition),
    names.operation(partition, request.operationId),
    names.birth(partition),
  ];
  const { expectedVersion, expectedOperationId = '*', operationId, state } = request;
  const args = [`${expectedVersion}`, stream, state, `${operationLifetimeMillis}`];
  args.push(operationId, expectedOperationId ?? '', `${events.length}`);
  for (const event of events) args.push(JSON.stringify(event));
  for (const effect of request.effects) {
    if (effect.type !== 'revoke') keys.push(names.record(partition, effect.record));
    if (effect.type === 'remove') args.push('remove');
    if (effect.type === 'put' || effect.type === 'replace')
      args.push(effect.type, effect.value, `${Math.ceil(effect.expiresAtMillis)}`);
    if (effect.type === 'revoke') args.push('revoke', effect.id, `${Math.ceil(effect.expiresAtMillis)}`);
  }
  return { keys, args };
}

/** KEYS as the header of `beat-script.ts` lists them. */
export function beatKeys(names: KeyNames, partition: Partition): string[] {
  return [names.meta(partition), names.birth(partition), names.members(partition)];
}

/** Epoch, number and id, as the scripts answer them. */
export function toPosition([epoch, number, id]: readonly (string | undefined)[]): Position {
  return { epoch: epoch ?? '', number: Number(number), id: id ?? '0-0' };
}

/** Version, operation id and state, as the append writes them in one text: as fields of a hash they took half as much again. */
const userShape = /^(\d{1,15}) (\S*) (.*)$/s;

/** Throws ERR_LOG_CORRUPT when it is not what an append wrote. */
export function toUser(text: string | null): Omit<UserRecord, 'birth'> {
  if (text === null) return { version: 0, state: null, operationId: null };
  const [, version, operationId = '', state = ''] = userShape.exec(text) ?? [];
  if (version !== undefined) return { version: Number(version), state, operationId };
  throw new AuthlabError('ERR_LOG_CORRUPT', 'a user record begins with no version');
}
