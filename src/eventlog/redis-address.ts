/** Where the log's Redis is: one server, a group that Sentinels watch, or a Cluster, written as one URL. */

export interface RedisHost {
  /** A name, an IPv4 address, or an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
}

interface Credentials {
  /** Absent: Redis's default user. */
  readonly username?: string;
  /** Absent: the server demands none. */
  readonly password?: string;
}

/** One server that is the primary, or a managed service that looks like one. */
export interface SingleAddress {
  readonly kind: 'single';
  /** `redis://` or `rediss://`, as it was given: ioredis reads it itself. */
  readonly url: string;
}

/** Whichever server the Sentinels call the primary of the group `name`. */
export interface SentinelAddress extends Credentials {
  readonly kind: 'sentinel';
  /** At least one; any of them that answers will do. */
  readonly sentinels: readonly RedisHost[];
  readonly name: string;
  /** What the Sentinels themselves demand, which is often nothing where the servers behind them demand a password. */
  readonly sentinelUsername?: string;
  readonly sentinelPassword?: string;
  /** Number of the database. */
  readonly db: number;
  /** To the Sentinels and to the servers behind them. */
  readonly tls: boolean;
}

/** All masters of the Cluster that the seeds belong to. */
export interface ClusterAddress extends Credentials {
  readonly kind: 'cluster';
  /** At least one; any of them that answers tells of all the others. */
  readonly seeds: readonly RedisHost[];
  readonly tls: boolean;
}

export type RedisAddress = SingleAddress | SentinelAddress | ClusterAddress;

/** A refusal says what is wrong and quotes nothing, because any piece of a URL may turn out to be of its password. */
export type ParsedRedisAddress =
  | { readonly ok: true; readonly value: RedisAddress }
  | { readonly ok: false; readonly message: string };

/** For messages about a URL that is none of these. */
export const redisUrlForms =
  'must be a URL like redis://127.0.0.1:6379 or rediss://user:password@host:port for one server, ' +
  'redis+sentinel://host:port,host:port/name for a primary that Sentinels watch, ' +
  'or redis+cluster://host:port,host:port for a Cluster';

const badEscape = 'has a % in its user name or password that must be written %25';

const serverPort = 6_379;
const sentinelPort = 26_379;

/** `scheme`, all up to the first of `/?#`, then path, query and fragment: as RFC 3986 appendix B takes a URI apart. */
const parts = /^([a-z+]+):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(#.*)?$/s;

/** Reads a Redis URL in any of its forms. Never throws. */
export function parseRedisAddress(url: string): ParsedRedisAddress {
  const [, scheme, authority = '', path = '', query = '', fragment] = parts.exec(url) ?? [];
  if (/[^\x21-\x7e]/.test(url)) return refused(redisUrlForms);
  // Else what follows would be taken for a path, and the beginning of a password for a host that may be shown.
  if (`${path}${query}${fragment ?? ''}`.includes('@') || fragment !== undefined) {
    return refused('has an unescaped / ? or # in its user name or password; write %2F, %3F or %23');
  }
  switch (scheme) {
    case 'redis':
    case 'rediss':
      return parseSingle(url, authority, path);
    case 'redis+sentinel':
    case 'rediss+sentinel':
      return parseSentinel(scheme === 'rediss+sentinel', authority, path, query);
    case 'redis+cluster':
    case 'rediss+cluster':
      return parseCluster(scheme === 'rediss+cluster', authority, path, query);
    default:
      return refused(redisUrlForms);
  }
}

/** Hosts and ports, and the name of a group that Sentinels watch: what a message may say. Never a user or a password. */
export function describeRedisAddress(address: RedisAddress): string {
  switch (address.kind) {
    case 'single': {
      const { hostname, port } = new URL(address.url);
      return `${hostname}:${port || serverPort}`;
    }
    case 'sentinel':
      return `${address.sentinels.map(hostText).join(',')}/${address.name}`;
    case 'cluster':
      return address.seeds.map(hostText).join(',');
  }
}

/** `host:port`, an IPv6 address in brackets. */
export function hostText({ host, port }: RedisHost): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The host of a `host:port`, an IPv6 address without its brackets. */
export function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1');
}

function parseSingle(url: string, authority: string, path: string): ParsedRedisAddress {
  if (authority.slice(authority.lastIndexOf('@') + 1).includes(',')) {
    return refused('names several servers; write redis+sentinel:// or redis+cluster://');
  }
  if (authority === '' || !URL.canParse(url) || new URL(url).hostname === '') return refused(redisUrlForms);
  if (decoded(authority) === null) return refused(badEscape);
  if (databaseOf(path.slice(1)) === null) return refused('must end in the number of a database, or in none');
  return { ok: true, value: { kind: 'single', url } };
}

function parseSentinel(tls: boolean, authority: string, path: string, query: string): ParsedRedisAddress {
  const found = readAuthority(authority, sentinelPort);
  if (typeof found === 'string') return refused(found);
  const [, rawName = '', database = '', ...more] = path.split('/');
  const name = decoded(rawName);
  if (name === null || !/^[\w.-]+$/.test(name)) {
    return refused('must name the primary as the Sentinels do: redis+sentinel://host:port/name');
  }
  const db = databaseOf(database);
  if (db === null || more.length > 0) return refused('may have nothing but the number of a database after the name');
  const { hosts: sentinels, ...credentials } = found;
  const own = readSentinelCredentials(query);
  if (own === null) return refused('may have no parameters but sentinelUsername and sentinelPassword');
  return { ok: true, value: { kind: 'sentinel', sentinels, name, ...credentials, ...own, db, tls } };
}

function parseCluster(tls: boolean, authority: string, path: string, query: string): ParsedRedisAddress {
  const found = readAuthority(authority, serverPort);
  if (typeof found === 'string') return refused(found);
  if (!/^\/?0?$/.test(path)) return refused('may name no database: a Cluster has only number 0');
  if (query !== '') return refused('may have no parameters');
  const { hosts: seeds, ...credentials } = found;
  return { ok: true, value: { kind: 'cluster', seeds, ...credentials, tls } };
}

/** `[user[:password]@]host[:port],…`, or what is wrong with it. */
function readAuthority(
  authority: string,
  defaultPort: number,
): (Credentials & { readonly hosts: readonly RedisHost[] }) | string {
  const at = authority.lastIndexOf('@');
  const hosts: RedisHost[] = [];
  for (const [index, text] of authority
    .slice(at + 1)
    .split(',')
    .entries()) {
    const host = readHost(text, defaultPort);
    if (host === null) return `has no host:port where address ${index + 1} of its list should stand`;
    hosts.push(host);
  }
  if (at < 0) return { hosts };
  const userInfo = authority.slice(0, at);
  const colon = userInfo.indexOf(':');
  const username = decoded(colon < 0 ? userInfo : userInfo.slice(0, colon));
  const password = decoded(colon < 0 ? '' : userInfo.slice(colon + 1));
  if (username === null || password === null) return badEscape;
  // A user without a password would be passed over in silence, and somebody else logged in.
  if (password === '') return 'has a user name or an @ but no password';
  return { hosts, password, ...(username !== '' && { username }) };
}

function readHost(text: string, defaultPort: number): RedisHost | null {
  const [, bracketed, plain, port] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  const number = port === undefined ? defaultPort : Number(port);
  return host === undefined || number < 1 || number > 65_535 ? null : { host, port: number };
}

function readSentinelCredentials(query: string): Pick<SentinelAddress, 'sentinelUsername' | 'sentinelPassword'> | null {
  const { sentinelUsername, sentinelPassword, ...others } = Object.fromEntries(new URLSearchParams(query));
  if (Object.keys(others).length > 0 || (sentinelUsername !== undefined && sentinelPassword === undefined)) return null;
  return { ...(sentinelUsername && { sentinelUsername }), ...(sentinelPassword && { sentinelPassword }) };
}

/** Nothing is database 0. Null: no number. */
function databaseOf(text: string): number | null {
  if (!/^\d{0,5}$/.test(text)) return null;
  return Number(text);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function refused(message: string): ParsedRedisAddress {
  return { ok: false, message };
}
