/** What a realm has left in Redis, as far as two realms can be alike: kinds of keys, shapes of values, expiry, memory. */

import type { Redis } from 'ioredis';

export interface KindContent {
  readonly keys: number;
  /** Each shape of a value, entry or field, with how often it is there. */
  readonly shapes: Readonly<Record<string, number>>;
  /** Bytes of all its keys (`MEMORY USAGE`). */
  readonly bytes: number;
  /** Expiry of its keys, and scores of its members, in milliseconds since the Unix epoch. Empty where nothing expires. */
  readonly expiries: readonly number[];
}

/** By kind: the part of a key's name after its hash tag, the partition in front. */
export type RealmContent = Readonly<Record<string, KindContent>>;

export async function realmContent(redis: Redis, realm: string): Promise<RealmContent> {
  const kinds = new Map<string, { keys: number; shapes: Map<string, number>; bytes: number; expiries: number[] }>();
  for (const key of (await redis.keys(`*{${realm}:*}*`)).toSorted()) {
    const [, partition = '', kind = ''] = /:([^:}]+)\}:([^:]+)/.exec(key) ?? [];
    const name = `${partition} ${kind}`;
    const found = kinds.get(name) ?? { keys: 0, shapes: new Map<string, number>(), bytes: 0, expiries: [] as number[] };
    kinds.set(name, found);
    const { shapes, expiries } = await read(redis, key);
    found.keys += 1;
    found.bytes += Number(await redis.memory('USAGE', key, 'SAMPLES', 0));
    found.expiries.push(...expiries);
    for (const shape of shapes) found.shapes.set(shape, (found.shapes.get(shape) ?? 0) + 1);
  }
  return Object.fromEntries(
    [...kinds].map(([name, { shapes, ...kind }]) => [
      name,
      { ...kind, shapes: Object.fromEntries([...shapes].sort()) },
    ]),
  );
}

async function read(redis: Redis, key: string): Promise<{ shapes: string[]; expiries: number[] }> {
  const expiresAt = await redis.pexpiretime(key);
  const expiries: number[] = expiresAt > 0 ? [expiresAt] : [];
  const type = await redis.type(key);
  if (type === 'string') return { shapes: [shapeOf((await redis.get(key)) ?? '')], expiries };
  if (type === 'hash') {
    const fields = Object.entries(await redis.hgetall(key));
    return { shapes: fields.map(([field, value]) => `${shapeOf(field)}: ${shapeOf(value)}`), expiries };
  }
  if (type === 'zset') {
    const members: string[] = (await redis.zrange(key, '0', '-1', 'WITHSCORES')).map(String);
    const isScore = (_: string, index: number): boolean => index % 2 === 1;
    return {
      shapes: members.filter((member, index) => !isScore(member, index)).map(shapeOf),
      expiries: [...expiries, ...members.filter(isScore).map(Number)],
    };
  }
  if (type !== 'stream') throw new Error(`nobody expects a ${type} at ${key}`);
  const entries = await redis.xrange(key, '-', '+');
  return { shapes: entries.map(([, fields]) => fields.map(shapeOf).join(' ')), expiries };
}

/** What is random, a time or a count becomes a word for it. */
function shapeOf(text: string): string {
  return text
    .replaceAll(/\b\d+\.[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])/g, 'SID')
    .replaceAll(/\b\d{16}\.\d+-[0-9a-f]{8}\b/g, 'EPOCH')
    .replaceAll(/\b\d{13}-\d+\b/g, 'ENTRY')
    .replaceAll(/\b0-0\b/g, 'ENTRY')
    .replaceAll(/\b[0-9a-f]{40}\b/g, 'RUN')
    .replaceAll(/(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43,}(?![A-Za-z0-9_-])/g, 'DIGEST')
    .replaceAll(/(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])/g, 'ID')
    .replaceAll(/user-\d{6}/g, 'USER')
    .replaceAll(/\b\d{13,16}\b/g, 'TIME')
    .replaceAll(/(?<![\w"-])\d+(?![\w"-])/g, 'N');
}
