/** `results.json`: the results as they are, for machines; `results.schema.json` beside this file says what is in it. */

import { type Results, resultsVersion } from './summarise/results.ts';

/** The name of the schema: its version changes when a reader of an earlier one would misread. */
export const resultsSchemaId = `urn:authlab:results:${resultsVersion}`;

/** Indented by two, ends with a line end. Keys keep the order in which results are built, so that it never changes. */
export function toJson(results: Results): string {
  return `${JSON.stringify({ $schema: resultsSchemaId, ...results }, null, 2)}\n`;
}
