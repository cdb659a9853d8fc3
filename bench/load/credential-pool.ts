/** Distinct credentials in rotation, as the bytes of the requests that carry them (RFC 9112). */

import { AuthlabError } from '../../src/kernel/errors.ts';

/** Header fields that one client adds to its requests: `authorization`, `cookie`, or none at all. */
export type CredentialHeaders = Readonly<Record<string, string>>;

const fieldName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Visible ASCII, blanks and tabs (RFC 9110 5.5): a line end would forge a second request. */
const fieldValue = /^[\t\x20-\x7e]*$/;

/**
 * Builds each request once per target and keeps it: autocannon's own builder takes 35 microseconds per credential, 70 ms
 * before every window of 2,000 credentials, in which the machine would do something else than in the window.
 */
export class CredentialPool {
  readonly #credentials: readonly CredentialHeaders[];
  readonly #built = new Map<string, readonly Buffer[]>();
  readonly #next = new Map<string, number>();

  /** Throws ERR_INPUT_INVALID when there is no credential, or one that is no header. The message names no value. */
  constructor(credentials: readonly CredentialHeaders[]) {
    if (credentials.length === 0) throw new AuthlabError('ERR_INPUT_INVALID', 'a load needs at least one credential');
    for (const [name, value] of credentials.flatMap((headers) => Object.entries(headers))) {
      if (!fieldName.test(name) || !fieldValue.test(value)) {
        throw new AuthlabError('ERR_INPUT_INVALID', 'a credential cannot be sent as a header');
      }
    }
    this.#credentials = credentials;
  }

  /** The bytes of `GET path` for every credential, in their order. */
  requestsTo(baseUrl: string, path: string): readonly Buffer[] {
    const target = `${baseUrl}${path}`;
    const known = this.#built.get(target);
    if (known) return known;
    const { host } = new URL(baseUrl);
    const built = this.#credentials.map((headers) => requestBytes(host, path, headers));
    this.#built.set(target, built);
    return built;
  }

  /**
   * The next request to a target, for whoever asks: all its connections take turns at one rotation, which goes on where the
   * last window left off. So every credential has come before any comes again.
   */
  rotation(baseUrl: string, path: string): () => Buffer {
    const target = `${baseUrl}${path}`;
    const requests = this.requestsTo(baseUrl, path);
    return () => {
      const next = this.#next.get(target) ?? 0;
      this.#next.set(target, next + 1 < requests.length ? next + 1 : 0);
      const request = requests[next];
      if (request === undefined) throw new RangeError('a pool has at least one credential');
      return request;
    };
  }
}

function requestBytes(host: string, path: string, headers: CredentialHeaders): Buffer {
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: keep-alive'];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
