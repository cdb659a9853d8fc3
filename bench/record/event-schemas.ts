/** One schema for each event, held to its type; what a line of a record lacks, or has of the wrong kind, is told with its place. */

import type { z } from 'zod';
import { faultSchemas } from './fault-schemas.ts';
import { measureSchemas } from './measure-schemas.ts';
import type { RunEvent } from './run-events.ts';
import { runSchemas } from './run-schemas.ts';

export type EventType = RunEvent['type'];
type Of<Type extends EventType> = Extract<RunEvent, { type: Type }>;

/** Both ways: what a schema lets pass is an event, and it lets every event pass. */
function heldToTypes<Schemas extends { readonly [Type in EventType]: z.ZodType<Of<Type>> }>(
  schemas: Schemas & { readonly [Type in EventType]: Of<Type> extends z.output<Schemas[Type]> ? unknown : never },
): { readonly [Type in EventType]: z.ZodType<Of<Type>> } {
  return schemas;
}

const eventSchemas = heldToTypes({ ...runSchemas, ...measureSchemas, ...faultSchemas });

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventSchemas, type);
}

/** The first thing that is wrong, as `lacks scenario.throughput.sliceMillis`; null when nothing is. */
export function faultOf(event: { readonly type: EventType }): string | null {
  const found = eventSchemas[event.type].safeParse(event);
  const [issue] = found.error?.issues ?? [];
  if (issue === undefined) return null;
  const place = issue.path.join('.');
  return valueAt(event, issue.path) === undefined ? `lacks ${place}` : `has a wrong ${place} (${issue.message})`;
}

function valueAt(event: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Readonly<Record<PropertyKey, unknown>>)[key] : undefined,
    event,
  );
}
