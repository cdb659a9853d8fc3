import { describe, expect, it } from 'vitest';
import { type Box, boxOf, type Dot, labelPlaces } from './label-places.ts';

const within: Box = { left: 0, right: 300, top: 0, bottom: 200 };
const dotAt = (x: number, y: number, text = 'hybrid-hs256', whiskers: readonly Box[] = []): Dot => {
  return { x, y, text, whiskers };
};

/** Of those names that lie on another, or leave the drawing. */
function misplaced(dots: readonly Dot[]): string[] {
  const boxes = labelPlaces(dots, within).map((place, index) => boxOf(dots[index] ?? dotAt(0, 0), place));
  return boxes.flatMap((box, index) => {
    const isOn = (other: Box) =>
      box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
    const isCovered = boxes.some((other, at) => at !== index && isOn(other));
    const leaves = box.left < 0 || box.right > within.right || box.top < 0 || box.bottom > within.bottom;
    return isCovered || leaves ? [dots[index]?.text ?? ''] : [];
  });
}

describe('the place of a name', () => {
  it('is to the right of its dot where nothing is in the way', () => {
    expect(labelPlaces([dotAt(150, 100)], within)).toEqual([{ position: 'right', align: 'left' }]);
  });

  it('is to the left at the right edge, and off the corner', () => {
    expect(labelPlaces([dotAt(290, 100)], within)).toEqual([{ position: 'left', align: 'right' }]);
    expect(misplaced([dotAt(4, 4), dotAt(296, 4), dotAt(4, 196), dotAt(296, 196)])).toEqual([]);
  });

  it('keeps off other names and off whiskers', () => {
    const level = { left: 150, right: 290, top: 98, bottom: 102 };
    const upright = { left: 149, right: 151, top: 60, bottom: 140 };
    expect(labelPlaces([dotAt(150, 100, 'session', [level, upright])], within)).toEqual([
      { position: 'left', align: 'right' },
    ]);
    const crowd = [dotAt(60, 100, 'a-long-name'), dotAt(75, 112, 'another-one'), dotAt(66, 88, 'third-of-them')];
    expect(misplaced(crowd)).toEqual([]);
  });

  it('is found for many, some in one row', () => {
    expect(misplaced([20, 60, 100, 140, 180, 220, 260].map((y) => dotAt(150, y / 1.4, `at-${y}`)))).toEqual([]);
    expect(misplaced([40, 110, 180, 250].map((x) => dotAt(x, 100, 'eleven-wide')))).toEqual([]);
  });
});
