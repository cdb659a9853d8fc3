/** What the schemas of events are made of. They tell shapes apart, and no ranges: what was measured is taken as it is. */

import { z } from 'zod';

export const number = z.number();
export const text = z.string();
export const flag = z.boolean();
export const numbers = list(number);
/** By status code. */
export const statuses = z.record(z.string(), number);
/** `none`, the reference, or a strategy. */
export const contestant = text;

export function list<Schema extends z.ZodType>(of: Schema) {
  return z.array(of).readonly();
}

/** An event with its fields; others are let be. */
export function event<Type extends string, Fields extends z.ZodRawShape>(type: Type, fields: Fields) {
  return z.object({ type: z.literal(type), at: text, level: number.exactOptional(), ...fields });
}

/** The same schema, where defaults must have been filled in already, and without its ranges. */
export function filledIn(schema: z.core.$ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault) return filledIn(schema.unwrap());
  if (schema instanceof z.ZodOptional) return filledIn(schema.unwrap()).optional();
  if (schema instanceof z.ZodArray) return z.array(filledIn(schema.element));
  if (schema instanceof z.ZodNumber) return number;
  if (!(schema instanceof z.ZodObject)) return schema as z.ZodType;
  const fields = Object.entries(schema.shape as Record<string, z.core.$ZodType>);
  return z.object(Object.fromEntries(fields.map(([name, field]) => [name, filledIn(field)])));
}
