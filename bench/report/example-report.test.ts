/** The files of one invented run, as they are: whoever changes a report sees what becomes of it. `-u` writes them anew. */

import { describe, expect, it } from 'vitest';
import { parseRecord } from '../record/reader.ts';
import { exampleRecord } from './example-run.ts';
import { summarise } from './summarise.ts';
import { formats } from './write.ts';

const record = exampleRecord({ mistakes: {}, isFull: true });
const results = () => summarise(parseRecord(record, 'events.ndjson'));

describe('the files of the example run', () => {
  it.each(Object.values(formats))('$fileName is as it was', async ({ fileName, print }) => {
    const text = print(results());
    await expect(text).toMatchFileSnapshot(`./fixtures/example-${fileName}`);
    expect(print(results())).toBe(text);
  });
});
