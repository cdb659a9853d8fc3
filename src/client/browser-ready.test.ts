/** What a browser loads of the client needs nothing but the platform. */

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const sources = readdirSync(import.meta.dirname).filter((name) => !/\.(?:test|contract)\.ts$/.test(name));

test.each(sources)('%s imports files beside it, and uses nothing of Node', (name) => {
  const text = readFileSync(`${import.meta.dirname}/${name}`, 'utf8');
  const imported = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier]) => specifier);
  expect(imported.filter((specifier) => !specifier?.startsWith('./'))).toEqual([]);
  expect(text).not.toMatch(/\b(?:Buffer|process|require|setImmediate)\s*[.(]/);
  expect(text).not.toMatch(/localStorage|sessionStorage|document\.cookie|indexedDB/);
});

test('there is something to look at', () => expect(sources).toContain('client.ts'));
