/** Refresh tokens that this server made, and everything else. */

import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { damaged } from './forged-access-tokens.contract.ts';
import { createRefreshTokens } from './refresh-token.ts';

const key = randomBytes(32);
const family = '3.AAAAAAAAAAAAAAAAAAAAAA';
const tokens = createRefreshTokens(key, randomBytes);

describe('refresh token', () => {
  test('names its family and carries 43 more characters, never twice the same', () => {
    const issued = Array.from({ length: 1_000 }, () => tokens.first(family));
    expect(new Set(issued).size).toBe(issued.length);
    for (const token of issued) {
      expect(token).toMatch(/^3\.A{22}\.[A-Za-z0-9_-]{43}$/);
      expect(tokens.familyOf(token)).toBe(family);
    }
  });

  test('every successor belongs to the family, and a retry brings the same one on every node', () => {
    const otherNode = createRefreshTokens(key, randomBytes);
    const seen = new Set<string>();
    let token = tokens.first(family);
    for (let generation = 0; generation < 50; generation += 1) {
      seen.add(token);
      const successor = tokens.successorOf(token);
      expect(otherNode.successorOf(token)).toBe(successor);
      expect(tokens.familyOf(successor)).toBe(family);
      token = successor;
    }
    expect(seen.size).toBe(50);
  });

  test('a token in hand tells nothing of its successor without the key', () => {
    const stranger = createRefreshTokens(randomBytes(32), randomBytes);
    const token = tokens.first(family);
    expect(stranger.successorOf(token)).not.toBe(tokens.successorOf(token));
    expect(tokens.familyOf(stranger.successorOf(token))).toBeNull();
  });

  test('a token made under a previous key is recognised, and replaced by one under the present key', () => {
    const present = randomBytes(32);
    const rotated = createRefreshTokens(present, randomBytes, [key]);
    const rotatedAway = createRefreshTokens(present, randomBytes);
    const token = tokens.first(family);
    expect([rotated.familyOf(token), rotatedAway.familyOf(token)]).toEqual([family, null]);
    const successor = rotated.successorOf(token);
    expect([rotatedAway.familyOf(successor), tokens.familyOf(successor)]).toEqual([family, null]);
    expect(rotatedAway.familyOf(rotated.first(family))).toBe(family);
  });

  test('the access secret is as long as asked for, repeats, and is no part of the token', () => {
    const token = tokens.first(family);
    const secret = tokens.accessSecretOf(token, 32);
    expect(secret.length).toBe(32);
    expect(tokens.accessSecretOf(token, 32).equals(secret)).toBe(true);
    expect(tokens.accessSecretOf(tokens.successorOf(token), 32).equals(secret)).toBe(false);
    expect(token).not.toContain(secret.toString('base64url').slice(0, 8));
  });

  test('no text that this server did not make is taken for one', () => {
    const token = tokens.first(family);
    const secret = token.slice(family.length + 1);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const respelled = token.slice(0, -1) + (alphabet[alphabet.indexOf(token.at(-1) ?? '') + 1] ?? '');
    const texts = [
      ...damaged(token, 1).map((forgery) => forgery.token),
      `4.AAAAAAAAAAAAAAAAAAAAAA.${secret}`,
      `${family}.${randomBytes(32).toString('base64url')}`,
      createRefreshTokens(randomBytes(32), randomBytes).first(family),
      respelled,
      secret,
      family,
      `${token}=`,
      `${token}\n`,
      ` ${token}`,
      `${token}.${secret}`,
      '',
      '.',
      '{0}.*',
      'x'.repeat(1_000_000),
    ];
    expect(texts.filter((text) => tokens.familyOf(text) !== null)).toEqual([]);
    expect(Buffer.from(respelled.slice(-43), 'base64url')).toEqual(Buffer.from(secret, 'base64url'));
  });
});
