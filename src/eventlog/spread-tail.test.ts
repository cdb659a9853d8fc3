/** One tail made of several, each of which does what the test says. */

import { describe, expect, it, vi } from 'vitest';
import { AuthlabError } from '../kernel/errors.ts';
import type { LogTail, Partition, TailEntry } from './port.ts';
import { SpreadTail } from './spread-tail.ts';

/** A tail of one partition, whose reads wait until they are answered. */
class ScriptedTail implements LogTail {
  readonly asked: (string | undefined)[] = [];
  isClosed = false;
  #settle: { resolve(entries: readonly TailEntry[]): void; reject(error: unknown): void } | null = null;
  readonly #partition: Partition;

  constructor(partition: Partition) {
    this.#partition = partition;
  }

  read(after: ReadonlyMap<Partition, string>): Promise<readonly TailEntry[]> {
    this.asked.push(after.get(this.#partition));
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  find(...ids: string[]): void {
    this.#settle?.resolve(ids.map((id) => entryOf(this.#partition, id)));
  }

  fail(): void {
    this.#settle?.reject(new AuthlabError('ERR_LOG_UNAVAILABLE', 'away'));
  }

  close(): Promise<void> {
    this.isClosed = true;
    this.fail();
    return Promise.resolve();
  }
}

function entryOf(partition: Partition, id: string): TailEntry {
  const position = { epoch: 'e', number: 1, id };
  return { partition, entry: { position, predecessor: '', stream: '', version: 1, event: { type: 'x' } } };
}

function openSpread() {
  const opened: ScriptedTail[] = [];
  const onClose = vi.fn();
  const tail = new SpreadTail((partition) => {
    const reader = new ScriptedTail(partition);
    opened.push(reader);
    return reader;
  }, onClose);
  const read = async (ids: readonly (readonly [Partition, string])[], wait = 1_000) =>
    (await tail.read(new Map(ids), wait)).map(({ partition, entry }) => `${partition} ${entry.position.id}`);
  const reader = (index: number): ScriptedTail => opened[index] ?? new ScriptedTail('realm');
  return { tail, opened, reader, read, onClose };
}

describe('SpreadTail', () => {
  it('delivers what one reader has found without waiting for the others, and theirs with the next read', async () => {
    const { read, reader, opened } = openSpread();
    const first = read([
      [0, 'a'],
      [1, 'a'],
    ]);
    reader(0).find('b', 'c');
    expect(await first).toEqual(['0 b', '0 c']);
    reader(1).find('d');
    await vi.waitFor(async () =>
      expect(
        await read(
          [
            [0, 'c'],
            [1, 'a'],
          ],
          10,
        ),
      ).toEqual(['1 d']),
    );
    expect([reader(0).asked, reader(1).asked]).toEqual([['a', 'c'], ['a']]);
    expect(opened).toHaveLength(2);
  });

  it('goes by the ids it is given: what was found after others is thrown away and read again', async () => {
    const { read, reader, opened } = openSpread();
    const first = read([
      [0, 'a'],
      [1, 'a'],
    ]);
    reader(0).find('b');
    await first;
    reader(1).find('x');
    await Promise.resolve();
    const second = read([
      [0, 'b'],
      [1, 'z'],
    ]);
    expect(reader(1).asked).toEqual(['a', 'z']);
    reader(1).find('zz');
    expect(await second).toEqual(['1 zz']);
    expect(opened).toHaveLength(2);
  });

  it('what was delivered and not applied is read again', async () => {
    const { read, reader } = openSpread();
    const first = read([[0, 'a']]);
    reader(0).find('b');
    expect(await first).toEqual(['0 b']);
    const second = read([[0, 'a']]);
    expect(reader(0).asked).toEqual(['a', 'a']);
    reader(0).find('b');
    expect(await second).toEqual(['0 b']);
  });

  it('gives up a reader that still waits for what comes after another id', async () => {
    const { read, reader, opened } = openSpread();
    expect(await read([[0, 'a']], 5)).toEqual([]);
    const second = read([[0, 'b']]);
    expect([opened.length, reader(0).isClosed, reader(1).asked]).toEqual([2, true, ['b']]);
    reader(1).find('c');
    expect(await second).toEqual(['0 c']);
  });

  it('is not deaf when a reader comes back with nothing before the time is over', async () => {
    const { read, reader } = openSpread();
    const waiting = read([[0, 'a']]);
    reader(0).find();
    await vi.waitFor(() => expect(reader(0).asked).toEqual(['a', 'a']));
    reader(0).find('b');
    expect(await waiting).toEqual(['0 b']);
  });

  it('delivers what others have while one fails, tells of it when there is nothing else, and tries it again', async () => {
    const { read, reader } = openSpread();
    const first = read([
      [0, 'a'],
      [1, 'a'],
    ]);
    reader(0).fail();
    reader(1).find('b');
    expect(await first).toEqual(['1 b']);
    // At rest: a delivery by another is no reason to knock again.
    await expect(
      read(
        [
          [0, 'a'],
          [1, 'b'],
        ],
        5,
      ),
    ).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    expect(reader(0).asked).toEqual(['a']);
    await vi.waitFor(async () => {
      await read(
        [
          [0, 'a'],
          [1, 'b'],
        ],
        1,
      ).catch(() => undefined);
      expect(reader(0).asked).toEqual(['a', 'a']);
    });
  });

  it('fails at once when nobody is left who could find anything', async () => {
    const { read, reader } = openSpread();
    const began = performance.now();
    const waiting = read([[0, 'a']], 60_000);
    reader(0).fail();
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('refuses when closed, also whoever waits, and closes its readers', async () => {
    const { tail, read, reader, onClose } = openSpread();
    const waiting = read([[0, 'a']], 60_000);
    await tail.close();
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE', message: 'the tail is closed' });
    await expect(read([[0, 'a']])).rejects.toMatchObject({ code: 'ERR_LOG_UNAVAILABLE' });
    expect(reader(0).isClosed).toBe(true);
    expect(onClose).toHaveBeenCalledWith(tail);
  });
});
