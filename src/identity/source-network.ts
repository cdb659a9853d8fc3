/** The network a request comes from, as far as one subscriber has it: an IPv4 address, or the /64 of an IPv6 address. */

import { isIP } from 'node:net';

/**
 * `203.0.113.7`, `2001:db8:0:1::/64`; null for a text that is no address. Takes what proxies write: a port behind the
 * address, brackets, a zone, IPv4 inside IPv6 (RFC 4291 2.5.5.2).
 */
export function sourceNetwork(text: string): string | null {
  const address = bareAddress(text);
  switch (isIP(address)) {
    case 4:
      return address;
    case 6:
      return networkOf(groupsOf(address));
    default:
      return null;
  }
}

function bareAddress(text: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1];
  const withPort = /^([\d.]+):\d{1,5}$/.exec(text)?.[1];
  return (bracketed ?? withPort ?? text).replace(/%.*$/, '');
}

/** The eight groups of a valid address. URL writes it canonically (RFC 5952), so that only `::` is left to fill in. */
function groupsOf(address: string): readonly number[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const [before, after] = [[...head], [...(tail ?? [])]];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
}

function networkOf(groups: readonly number[]): string {
  const [mapped, high = 0, low = 0] = [groups.slice(0, 6).join(), groups[6], groups[7]];
  if (mapped === '0,0,0,0,0,65535') return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const subscriber = groups.slice(0, 4).map((group) => group.toString(16));
  return `${subscriber.join(':')}::/64`;
}
