/** Addresses as sockets and proxies write them, and the network each counts for. */

import { expect, test } from 'vitest';
import { sourceNetwork } from './source-network.ts';

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:5678', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::ffff:cb00:7107', '203.0.113.7'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:DB8:0:0:ffff:ffff:ffff:ffff', '2001:db8:0:0::/64'],
  ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
  ['[2001:db8::1]:5678', '2001:db8:0:0::/64'],
  ['[2001:db8::1]', '2001:db8:0:0::/64'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4::/64'],
  ['1::', '1:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s is of %s', (address, network) => {
  expect(sourceNetwork(address)).toBe(network);
});

test.each([
  '',
  'unknown',
  '_hidden',
  'example.org',
  '203.0.113',
  '203.0.113.7, 10.0.0.1',
  '1.2.3.4:x',
  '[::1',
  'x'.repeat(9_999),
])('%s is no address', (text) => {
  expect(sourceNetwork(text)).toBeNull();
});
