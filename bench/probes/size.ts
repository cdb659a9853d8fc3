/** Bytes of a credential on the wire, both ways, as a client with a cookie jar sends and receives it. */

import type { SizeMeasured } from '../record/run-events.ts';
import type { Contestant } from '../workload/contestant.ts';
import { cookieBytes } from '../workload/cookie-jar.ts';
import type { LoggedIn } from '../workload/log-in.ts';

export type CredentialSize = Omit<SizeMeasured, 'type' | 'at' | 'contestant' | 'claims'>;

/** Counts one real login's answer and the headers that follow from it, in HTTP/1.1 lines (RFC 9112 5). */
export function measureSize(contestant: Contestant, { credential, answer }: LoggedIn): CredentialSize {
  const authPath = contestant.refreshPath ?? contestant.revokePath;
  const setCookieLines = answer.setCookies.map((value) => headerLineBytes('set-cookie', value));
  return {
    requestHeaderBytes: headersBytes(credential.headersFor(contestant.protectedPath)),
    authRequestHeaderBytes: headersBytes(credential.headersFor(authPath)),
    loginResponseBytes: sum(setCookieLines) + Buffer.byteLength(answer.body),
    largestCookieBytes: Math.max(0, ...answer.setCookies.map(cookieBytes)),
  };
}

function headersBytes(headers: Readonly<Record<string, string>>): number {
  return sum(Object.entries(headers).map(([name, value]) => headerLineBytes(name, value)));
}

/** Name, colon, blank, value, line end. */
function headerLineBytes(name: string, value: string): number {
  return Buffer.byteLength(name) + Buffer.byteLength(value) + 4;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
