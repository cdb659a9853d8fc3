/** A picture as inline SVG: one drawing for wide pages and paper, one for narrow screens. */

import type { Picture } from '../pictures/picture.ts';
import type { Looks } from './looks.ts';

export function drawingsOf(_picture: Picture, _looks: Looks): string {
  return '';
}
