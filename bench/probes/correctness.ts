/**
 * Whether a contestant does its work at all, asked before it is measured: otherwise the fastest server would be the one
 * that checks nothing, or refuses everybody.
 */

import type { Fault } from '../../src/kernel/errors.ts';
import type { Contestant } from '../workload/contestant.ts';
import type { Credential } from '../workload/credential.ts';
import { type PlannedRequest, revokeRequest } from '../workload/log-in.ts';
import { askForBytes } from './answer.ts';
import { ProbeConnection } from './connection.ts';
import { protectedRequest } from './prober.ts';
import { tamperedWith } from './tamper.ts';

export interface CorrectnessOptions {
  readonly contestant: Contestant;
  /** Two users, freshly logged in; the second is logged out here. */
  readonly credential: Credential;
  readonly victim: Credential;
  /** The bound B in milliseconds; null: it cannot revoke, and what is revoked stays good until it expires. */
  readonly boundMillis: number | null;
}

/**
 * Returns what is wrong, each fault with the contestant's name and node as its place; an empty list is a pass. On every
 * node: a valid credential is answered with 200 and its own `sub`; one that was tampered with, none, and, where it can
 * be revoked, one that was revoked longer ago than the bound, are not answered with 200. A contestant whose bound is
 * `unbounded` checks nothing, and says so: of it only the first is asked. Throws ERR_PART_CRASHED when a node does not
 * answer.
 */
export async function checkCorrectness(options: CorrectnessOptions): Promise<readonly Fault[]> {
  const { contestant, boundMillis } = options;
  const checks = contestant.nodes.map(async (baseUrl, node) => {
    const place = `${contestant.name} node ${node}`;
    const faults = await checkAcceptance(baseUrl, options);
    if (contestant.traits.bound !== 'unbounded') faults.push(...(await checkRefusal(baseUrl, options)));
    return faults.map((message) => ({ place, message }));
  });
  const faults = (await Promise.all(checks)).flat();
  // A victim that was refused before its end would prove nothing.
  if (faults.length > 0 || boundMillis === null) return faults;
  return checkRevocation(options, boundMillis);
}

async function checkAcceptance(
  node: string,
  { contestant, credential, victim }: CorrectnessOptions,
): Promise<string[]> {
  const path = contestant.protectedPath;
  const first = await askForBytes(node, path, credential);
  const second = await askForBytes(node, path, victim);
  const faults: string[] = [];
  for (const { status } of [first, second]) {
    if (status !== 200) faults.push(`answers a valid credential with ${status}`);
  }
  if (faults.length > 0) return faults;
  const subjects = [first, second].map(({ body }) => subjectOf(body));
  if (subjects.includes(null)) faults.push('accepts a valid credential, but does not say whose it is');
  else if (contestant.traits.bound !== 'unbounded' && subjects[0] === subjects[1]) {
    faults.push('takes two users for one');
  }
  return faults;
}

async function checkRefusal(node: string, { contestant, credential }: CorrectnessOptions): Promise<string[]> {
  const path = contestant.protectedPath;
  const faults: string[] = [];
  const bare = await askForBytes(node, path, null);
  if (bare.status === 200) faults.push('accepts a request without a credential');
  for (const headers of tamperedWith(credential.headersFor(path))) {
    const { status } = await askForBytes(node, path, { headersFor: () => headers });
    if (status === 200) faults.push('accepts a credential that was tampered with');
  }
  return [...new Set(faults)];
}

async function checkRevocation(
  { contestant, victim }: CorrectnessOptions,
  boundMillis: number,
): Promise<readonly Fault[]> {
  const connections = contestant.nodes.map((node) => new ProbeConnection(node));
  try {
    const revoked = await connections[0]?.ask(revokeRequest(contestant, victim));
    if (!revoked || revoked.status < 200 || revoked.status > 299) {
      const message = `does not acknowledge a revocation (status ${revoked?.status ?? 0})`;
      return [{ place: contestant.name, message }];
    }
    const request = protectedRequest(contestant, victim);
    const faults = connections.map(async (connection, node): Promise<readonly Fault[]> => {
      const refused = await isRefusedWithin(connection, request, revoked.receivedAt + boundMillis);
      const message = `accepts a credential more than ${boundMillis} ms after its revocation was acknowledged`;
      return refused ? [] : [{ place: `${contestant.name} node ${node}`, message }];
    });
    return (await Promise.all(faults)).flat();
  } finally {
    await Promise.all(connections.map((connection) => connection.close()));
  }
}

/** Asks until refused; false when it was accepted in a request sent after `deadline`. */
async function isRefusedWithin(
  connection: ProbeConnection,
  request: PlannedRequest,
  deadline: number,
): Promise<boolean> {
  for (;;) {
    const { status, sentAt } = await connection.ask(request);
    if (status !== 200) return true;
    if (sentAt > deadline) return false;
  }
}

function subjectOf(body: string): string | null {
  try {
    const parsed: unknown = JSON.parse(body);
    const sub = typeof parsed === 'object' && parsed !== null && 'sub' in parsed ? parsed.sub : null;
    return typeof sub === 'string' && sub !== '' ? sub : null;
  } catch {
    return null;
  }
}
