/**
 * A developers' program: `npm run bench:paths` measures each path that a request or a command takes through the code, without
 * HTTP: by how much it is slower than the least it could be. Three minutes at most, on a quiet machine. Needs a Redis to start;
 * without one the paths through the log are left out.
 */

import { connectRedisEventLog } from '../../src/eventlog/redis-event-log.ts';
import { seededFraction } from '../../src/kernel/random.ts';
import { startTestRedis } from '../environment/test-redis.ts';
import { type NumbersOf, type ProgramHands, runProgram } from '../self-test/program.ts';
import { allPaths } from './all-paths.ts';
import { measurePaths } from './measure.ts';
import { pathTables } from './table.ts';

const flags = {
  rounds: { usually: 15, least: 2 },
  /** Milliseconds that one path is measured at a stretch. */
  turn: { usually: 20, least: 1 },
  tokens: { usually: 50_000, least: 10 },
  revocations: { usually: 1_000_000, least: 1 },
  seed: { usually: 1, least: 0 },
} as const;

process.exitCode = await runProgram({ flags, main });

async function main({ rounds, turn, seed, ...sizes }: NumbersOf<typeof flags>, hands: ProgramHands): Promise<string> {
  const redis = await startTestRedis().catch((error: unknown) => {
    hands.progress.note(`without the log in Redis: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  });
  const log =
    redis === null
      ? null
      : connectRedisEventLog({
          url: redis.url,
          realm: 'paths',
          partitions: 1,
          replicas: 0,
          commandTimeoutMillis: 5_000,
        });
  try {
    const { paths, close } = await allPaths(sizes, log);
    try {
      const random = seededFraction(seed);
      return pathTables(await measurePaths(paths, { rounds, turnMillis: turn, random, now: () => performance.now() }));
    } finally {
      await close();
    }
  } finally {
    await log?.close();
    await redis?.close();
  }
}
