/** What goes wrong in a run, as commands for fast-check. */

import fc from 'fast-check';
import {
  beginLag,
  crash,
  loseReply,
  pauseNode,
  pauseServer,
  poison,
  refuse,
  repeatWrite,
  replacePausedNode,
  restartNode,
  setClock,
  stall,
  trim,
} from './faults.contract.ts';
import type { Channel, Way } from './link.contract.ts';
import { index, type Step, step } from './steps.contract.ts';

const millis = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });
export const partition = fc.constantFrom(0, 1, 'realm' as const);

const stallPart = step(
  'stall',
  fc.record({
    node: index,
    channel: fc.constantFrom<Channel | null>('commands', 'beats', 'tail', null),
    way: fc.constantFrom<Way | null>('request', 'reply', null),
    partition: fc.oneof({ arbitrary: fc.constant(null), weight: 2 }, { arbitrary: partition, weight: 1 }),
  }),
  ({ world }, { node, channel, way, partition: place }) => {
    stall(world, world.nodeAt(node), {
      ...(channel === null ? {} : { channel }),
      ...(way === null ? {} : { way }),
      ...(place === null ? {} : { partition: place }),
    });
  },
);

const end = step('endOne', fc.record({ at: index, keeps: fc.boolean() }), ({ world }, { at, keeps }) => {
  const { active } = world.disturbances;
  const ended = active[at % Math.max(1, active.length)];
  if (ended !== undefined) world.disturbances.end(ended, keeps);
});

const crashes = step(
  'crash',
  fc.record({
    kind: fc.constantFrom(
      'restart' as const,
      'restart' as const,
      'promotion' as const,
      'promotion' as const,
      'empty' as const,
    ),
    downMillis: millis(800),
    lateMillis: millis(1_500),
  }),
  ({ world }, facts) => crash(world, facts),
);

/** As often as they stand here. */
export const faults: readonly fc.Arbitrary<Step>[] = [
  stallPart,
  stallPart,
  end,
  end,
  end,
  step('refuse', index, ({ world }, node) => refuse(world, world.nodeAt(node))),
  step('loseReply', index, ({ world }, node) => loseReply(world.nodeAt(node))),
  step('repeatWrite', fc.tuple(index, millis(900)), ({ world }, [node, after]) =>
    repeatWrite(world.nodeAt(node), after),
  ),
  step('pause', fc.tuple(index, fc.boolean()), ({ world }, [node, suspends]) =>
    pauseNode(world, world.nodeAt(node), suspends),
  ),
  step('restart', index, ({ world }, slot) => restartNode(world, slot)),
  step('replacePaused', index, ({ world }, slot) => replacePausedNode(world, slot)),
  step('setClock', index, ({ world }, node) => setClock(world, world.nodeAt(node))),
  step('pauseServer', fc.constant(null), ({ world }) => pauseServer(world)),
  step('lag', fc.constant(null), ({ world }) => beginLag(world)),
  crashes,
  step('trim', fc.tuple(partition, fc.integer({ min: 0, max: 3 })), ({ world }, [place, kept]) =>
    trim(world, place, kept),
  ),
];

/** It ends what can be learnt of a partition, so it comes alone, and rarely. */
export const poisoning = step('poison', partition, ({ world }, place) => poison(world, place));
