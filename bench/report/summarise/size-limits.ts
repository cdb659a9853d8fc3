/** Which strategies outgrow which limits of browsers and servers, and which users got no credential at all. */

import type { RunEvent, SizeMeasured } from '../../record/run-events.ts';
import { cookieLimitBytes } from './token-size.ts';

/** What a limit is set to: name and value of one cookie, one header field without its line end, or all headers. */
export type LimitedPart = 'cookie' | 'header field' | 'all headers';

export interface SizeLimit {
  readonly name: string;
  readonly part: LimitedPart;
  readonly bytes: number;
  /** Where the maker says so. */
  readonly source: string;
}

/** As they are delivered; the smallest first. Only what documentation says. */
export const sizeLimits: readonly SizeLimit[] = [
  { name: 'browsers', part: 'cookie', bytes: cookieLimitBytes, source: 'RFC 6265, section 6.1' },
  { name: 'Apache httpd', part: 'header field', bytes: 8_190, source: 'its directive LimitRequestFieldSize' },
  { name: 'nginx', part: 'header field', bytes: 8_192, source: 'its directive large_client_header_buffers, 4 of 8k' },
  { name: 'Tomcat', part: 'all headers', bytes: 8_192, source: 'its attribute maxHttpHeaderSize' },
  { name: 'Node', part: 'all headers', bytes: 16_384, source: 'its documentation of http.maxHeaderSize' },
  {
    name: 'AWS Application Load Balancer',
    part: 'header field',
    bytes: 16_384,
    source: 'its quotas for HTTP headers: 16K each',
  },
];

/** A credential of users of this claim profile. */
export interface Outgrown {
  readonly contestant: string;
  readonly claims: string;
  readonly bytes: number;
}

export interface SizeLimitResult extends SizeLimit {
  /** In the order measured. */
  readonly outgrownBy: readonly Outgrown[];
}

export interface SizeLimitResults {
  readonly limits: readonly SizeLimitResult[];
  /** Logins that were answered with a refusal because of what the user has: by contestant, each once. */
  readonly refusedLogins: readonly { readonly contestant: string; readonly claims: string; readonly status: number }[];
}

export function summariseSizeLimits(events: readonly RunEvent[]): SizeLimitResults {
  const sizes = events.filter((event) => event.type === 'SizeMeasured');
  const refused = events.filter((event) => event.type === 'LoginRefused');
  return {
    limits: sizeLimits.map((limit) => ({ ...limit, outgrownBy: outgrown(limit, sizes) })),
    refusedLogins: refused.map(({ contestant, claims, status }) => ({ contestant, claims, status })),
  };
}

function outgrown({ part, bytes: limit }: SizeLimit, sizes: readonly SizeMeasured[]): Outgrown[] {
  return sizes.flatMap((size) => {
    const bytes = bytesOf(part, size);
    return bytes > limit ? [{ contestant: size.contestant, claims: size.claims, bytes }] : [];
  });
}

const lineEndBytes = 2;

/** Of the credential alone: what else a client sends takes its share of the limit on all headers. */
function bytesOf(part: LimitedPart, size: SizeMeasured): number {
  switch (part) {
    case 'cookie':
      return size.largestCookieBytes;
    case 'header field':
      // On the way to a protected resource a credential is one field, a Cookie or an Authorization.
      return Math.max(0, size.requestHeaderBytes - lineEndBytes);
    case 'all headers':
      return Math.max(size.requestHeaderBytes, size.authRequestHeaderBytes);
  }
}
