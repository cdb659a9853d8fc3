/** Sends each request to its application by the first segment of its path, before Koa sees it. */

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { rememberMountPath } from './strategy-context.ts';

export interface Dispatch {
  /** By strategy name; the request arrives with the prefix taken off its URL. */
  readonly strategies: ReadonlyMap<string, RequestListener>;
  /** Gets what no other takes, at the root. */
  readonly defaultStrategy: RequestListener;
  readonly server: RequestListener;
  /** First segments that belong to the server. */
  readonly serverSegments: readonly string[];
}

export function dispatcher({ strategies, defaultStrategy, server, serverSegments }: Dispatch): RequestListener {
  const serverWide = new Set(serverSegments);
  return function dispatch(request: IncomingMessage, response: ServerResponse) {
    const url = originForm(request.url ?? '/');
    const end = segmentEnd(url);
    const segment = url.slice(1, end);
    const strategy = strategies.get(segment);
    if (strategy !== undefined) {
      rememberMountPath(request, `/${segment}`);
      const rest = url.slice(end);
      request.url = rest.startsWith('/') ? rest : `/${rest}`;
      return strategy(request, response);
    }
    return serverWide.has(segment) ? server(request, response) : defaultStrategy(request, response);
  };
}

/** A proxy may send the whole URL (RFC 9112 3.2.2); what the dispatcher and Koa look at is its path and query. */
function originForm(target: string): string {
  return target.charCodeAt(0) === slash ? target : target.replace(/^https?:\/\/[^/?]*/i, '');
}

/** Where the first segment of a path (or of a path with a query) ends. */
function segmentEnd(url: string): number {
  for (let index = 1; index < url.length; index += 1) {
    const character = url.charCodeAt(index);
    if (character === slash || character === questionMark) return index;
  }
  return url.length;
}

const slash = 0x2f;
const questionMark = 0x3f;
