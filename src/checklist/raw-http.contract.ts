/** HTTP as a checklist's attacker speaks it: headers that no client library lets through, and cookies taken apart. */

import { connect } from 'node:net';
import type { Client } from '../strategies/lab-client.contract.ts';
import { strategyNames, traitsOf } from '../strategies/registry.ts';
import { oneOfEachFamily } from './checklist-server.contract.ts';

/** One of each family, and every strategy with a cookie, signed or not. */
export function everyTransport(): readonly string[] {
  const byCookie = strategyNames().filter((name) => traitsOf(name).transport === 'cookie');
  return [...new Set([...oneOfEachFamily(), ...byCookie])];
}

export interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** By lower-case name; the empty text where there is no value. */
  readonly attributes: ReadonlyMap<string, string>;
}

export function parseSetCookie(line: string): SetCookie {
  const [pair = '', ...attributes] = line.split(';');
  const [name, value] = splitAt(pair, '=');
  const named = attributes.map((text): readonly [string, string] => {
    const [attribute, content] = splitAt(text.trim(), '=');
    return [attribute.toLowerCase(), content];
  });
  return { name, value, attributes: new Map(named) };
}

/** A cookie whose end lies in the past. */
export function isTakenBack({ attributes }: SetCookie): boolean {
  const expires = attributes.get('expires');
  return expires !== undefined && Date.parse(expires) <= Date.now();
}

/** All that the client would send along to a path under its mount. */
export function credentialsOf(client: Client, path: string): Record<string, string> {
  const { accessToken } = client;
  const cookie = client.cookieHeader(path);
  return {
    ...(cookie === undefined ? {} : { cookie }),
    ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
  };
}

export interface RawAnswer {
  readonly status: number;
  /** Status line, headers and body as they came. */
  readonly text: string;
}

/** Sends exactly these header lines, control characters and all, and reads until the server hangs up. */
export function sendRaw(port: number, requestLine: string, headers: readonly string[], body = ''): Promise<RawAnswer> {
  const head = [`${requestLine} HTTP/1.1`, ...headers, 'Connection: close', `Content-Length: ${body.length}`];
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A server that turns a request away may close before all of it was sent: what it said stands.
    socket.on('error', (error) => (chunks.length === 0 ? reject(error) : undefined));
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text });
    });
    socket.write(Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1'));
  });
}

function splitAt(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
