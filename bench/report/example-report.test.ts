/** The files of one invented run, as they are: whoever changes a report sees what becomes of it. `-u` writes them anew. */

import { describe, expect, it, vi } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import { exampleRecord } from './example-run.ts';
import { summarise } from './summarise.ts';
import { toSvg } from './svg.ts';
import { formats } from './write.ts';

// The page has some dozens of drawings.
vi.setConfig({ testTimeout: 20_000 });

const record = exampleRecord({ mistakes: {}, isFull: true });
const results = () => summarise(parseRecord(record, 'events.ndjson'));

describe('the files of the example run', () => {
  it.each(Object.values(formats))('$fileName is as it was', async ({ fileName, print }) => {
    const text = await print(results());
    await expect(text).toMatchFileSnapshot(`./fixtures/example-${fileName}`);
    expect(await print(results())).toBe(text);
  });

  it('have the trade-off as a picture of its own', async () => {
    await expect(toSvg(results())).toMatchFileSnapshot('./fixtures/example-trade-off.svg');
  });

  it('refuse to draw what was not measured', () => {
    const none = summarise(parseRecord(exampleRecord({ strategies: ['session'] }), 'events.ndjson'));
    expect(() => toSvg(none)).toThrow(/has no trade-off to draw/);
  });
});
