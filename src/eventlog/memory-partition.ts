/** One partition of the in-memory log: what Redis would keep under its keys. */

import type { RawEntry } from './entry-codec.ts';
import type { AppendResult, Birth, Effect, Partition, Position, RecordName, UserRecord } from './port.ts';

export interface PartitionState {
  runId: string;
  epoch: string;
  /** Null before the first event or beat. */
  birth: Birth | null;
  turn: number;
  number: number;
  id: string;
  readonly entries: RawEntry[];
  readonly users: Map<string, Omit<UserRecord, 'birth'>>;
  readonly records: Map<string, { readonly value: string; readonly expiresAtMillis: number }>;
  readonly revocations: Map<string, number>;
  readonly operations: Map<string, { readonly result: AppendResult; readonly expiresAtMillis: number }>;
  /** Fields by node id. */
  readonly members: Map<string, string>;
}

export const noUser = { version: 0, state: null, operationId: null } as const;

export function newPartition(): PartitionState {
  return {
    runId: '',
    epoch: '',
    birth: null,
    turn: 0,
    number: 0,
    id: '0-0',
    entries: [],
    users: new Map(),
    records: new Map(),
    revocations: new Map(),
    operations: new Map(),
    members: new Map(),
  };
}

/** The same, as another server has it that has received everything so far. */
export function copyPartition(state: PartitionState): PartitionState {
  return {
    ...state,
    entries: [...state.entries],
    users: new Map(state.users),
    records: new Map(state.records),
    revocations: new Map(state.revocations),
    operations: new Map(state.operations),
    members: new Map(state.members),
  };
}

export function positionOf(state: PartitionState): Position {
  return { epoch: state.epoch, number: state.number, id: state.id };
}

export function applyEffect(state: PartitionState, partition: Partition, effect: Effect, nowMillis: number): void {
  if (effect.type === 'revoke') {
    const known = state.revocations.get(effect.id) ?? Number.NEGATIVE_INFINITY;
    state.revocations.set(effect.id, Math.max(known, effect.expiresAtMillis));
    return;
  }
  const key = recordKey(partition, effect.record);
  const isThere = (state.records.get(key)?.expiresAtMillis ?? 0) > nowMillis;
  if (effect.type === 'remove') state.records.delete(key);
  else if (effect.type === 'put' || isThere) {
    state.records.set(key, { value: effect.value, expiresAtMillis: effect.expiresAtMillis });
  }
}

/** Names a record among those of all partitions. */
export function recordKey(partition: Partition, record: RecordName): string {
  return `${partition}:${record.kind}:${record.id}`;
}

export function compareIds(left: string, right: string): number {
  const [leftMillis = 0, leftSequence = 0] = left.split('-').map(Number);
  const [rightMillis = 0, rightSequence = 0] = right.split('-').map(Number);
  return leftMillis - rightMillis || leftSequence - rightSequence;
}

/** Gives the fields an entry id, which is later than any before it whatever the clock says. */
export function addEntry(state: PartitionState, fields: Readonly<Record<string, string>>, nowMillis: number): void {
  const [millis = 0, sequence = 0] = state.id.split('-').map(Number);
  const now = Math.floor(nowMillis);
  state.id = now > millis ? `${now}-0` : `${millis}-${sequence + 1}`;
  state.number = Number(fields.number ?? state.number + 1);
  state.entries.push([state.id, Object.entries(fields).flat()]);
}
