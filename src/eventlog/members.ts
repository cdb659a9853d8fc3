/** A member's field in a partition's hash of nodes: `<sign> <number> <epoch>`, or `<sign>` alone while it is closed. */

import type { Member, Membership } from './port.ts';

/** @param sign anything without blanks that this node has not used before */
export function writeMember({ applied }: Membership, sign: string): string {
  return applied === null ? sign : `${sign} ${applied.number} ${applied.epoch}`;
}

/** A field that cannot be read stands for a node that has not said how far it is. */
export function readMember(nodeId: string, field: string): Member {
  const [, number, epoch] = /^\S+ (\d{1,15}) (\S+)$/.exec(field) ?? [];
  const applied = number === undefined || epoch === undefined ? null : { epoch, number: Number(number) };
  return { nodeId, applied, sign: field };
}
