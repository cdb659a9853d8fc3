/** The memory of verified tokens: all of them known, none of them yet, and more of them than there is room. */

import type { AccessTokens } from '../../src/tokens/access-token.ts';
import { librariesOf } from '../../src/tokens/libraries/by-algorithm.ts';
import { withCache } from '../../src/tokens/libraries/cached.ts';
import { inTurns, type MadeTokens, verifierOf } from './made-tokens.ts';
import type { Path } from './measure.ts';
import { verifyTurn } from './verify-paths.ts';

const floor = 'without a cache';

export function cachePaths(made: MadeTokens): Path[] {
  const { algorithm, bytes } = made;
  const [library] = librariesOf[algorithm];
  const group = `cache before ${library.name}, ${algorithm}, ${bytes.length.toLocaleString('en-US')} tokens in turns`;
  const withRoom = (tokens: number) => verifierOf(made, withCache(library, tokens));
  const known = withRoom(bytes.length);
  const warm = (async () => {
    for (const token of bytes) await known.verify(token.toString('latin1'));
  })();
  return [
    { group, name: floor, floor, turn: verifyTurn(verifierOf(made, library), inTurns(bytes)) },
    {
      ...{ group, name: 'all known', floor },
      async turn(times) {
        await warm;
        return verifyTurn(known, inTurns(bytes))(times);
      },
    },
    { group, name: 'each seen for the first time', floor, turn: firstTimes(made, () => withRoom(bytes.length)) },
    ...[2, 10].map((share) => ({
      ...{ group, name: `room for one in ${share}`, floor },
      turn: verifyTurn(withRoom(Math.ceil(bytes.length / share)), inTurns(bytes)),
    })),
  ];
}

/** An empty one as often as all tokens have been seen: that is once in thousands of times. */
function firstTimes({ bytes }: MadeTokens, empty: () => AccessTokens): Path['turn'] {
  let left = 0;
  let turn: Path['turn'] = () => {};
  return async (times) => {
    for (let todo = times; todo > 0; ) {
      if (left === 0) {
        turn = verifyTurn(empty(), inTurns(bytes.slice(1)), bytes[0]);
        left = bytes.length - 1;
      }
      const part = Math.min(todo, left);
      await turn(part);
      todo -= part;
      left -= part;
    }
  };
}
