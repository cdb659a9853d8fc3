import { describe, expect, it } from 'vitest';
import { keptTogether } from './inline.ts';

const shown = (html: string, names: readonly string[] = []) => keptTogether(html, names).replaceAll('\u00a0', '~');

describe('what no line ends in the middle of', () => {
  it('is a figure with its interval and its unit', () => {
    expect(shown('takes +51.3 [30.1, 72.6] µs, or -0.5 [-1.2, 4,321] ms in 95 % of 3 runs')).toBe(
      'takes +51.3~[30.1,~72.6]~µs, or -0.5~[-1.2,~4,321]~ms in 95~% of 3 runs',
    );
    expect(shown('up to 5.51 ms to 32.6 ms; 3 seconds; 190 bytes')).toBe(
      'up to 5.51~ms to 32.6~ms; 3 seconds; 190~bytes',
    );
  });

  it('is the whole name of a strategy, and no part of a longer one', () => {
    const names = ['jwt-hs256', 'jwt-hs256+cache-10'];
    expect(shown('jwt-hs256, jwt-hs256+cache-10 and jwt-hs256+pem', names)).toBe(
      '<span class="name">jwt-hs256</span>, <span class="name">jwt-hs256+cache-10</span> and jwt-hs256+pem',
    );
  });

  it('leaves tags and their attributes alone', () => {
    expect(shown('<a href="#jwt-hs256" title="3 ms">jwt-hs256</a>', ['jwt-hs256'])).toBe(
      '<a href="#jwt-hs256" title="3 ms"><span class="name">jwt-hs256</span></a>',
    );
  });
});
