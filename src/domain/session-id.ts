/**
 * Names of sessions and opaque credentials. Both carry their partition in front, so that a node knows where to look
 * without asking: `<partition>.<base64url>`. The session id (128 bits) names a session in logs and claims and opens
 * nothing; a handle (256 bits) opens a session and is stored only as a digest.
 */

import type { RandomBytes } from '../kernel/random.ts';

const sessionIdShape = /^(?:0|[1-9]\d{0,3})\.[A-Za-z0-9_-]{22}$/;
const handleShape = /^(?:0|[1-9]\d{0,3})\.[A-Za-z0-9_-]{43}$/;

/** Highest number of partitions a realm may have. */
export const maximumPartitions = 1024;

export function newSessionId(partition: number, random: RandomBytes): string {
  return `${partition}.${random(16).toString('base64url')}`;
}

export function newHandle(partition: number, random: RandomBytes): string {
  return `${partition}.${random(32).toString('base64url')}`;
}

/** Whether a text from a client is worth looking up. Everything else is refused before it gets near a key name. */
export function isSessionId(text: string): boolean {
  return sessionIdShape.test(text);
}

export function isHandle(text: string): boolean {
  return handleShape.test(text);
}

/** The partition in front of a session id or handle; the shape has been checked before. */
export function partitionOf(id: string): number {
  return Number.parseInt(id, 10);
}
