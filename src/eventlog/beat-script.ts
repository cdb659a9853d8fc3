/** The beat: a writing script that only the primary can run, and that answers with the end of a partition. */

import { currentEpochLua } from './epoch-lua.ts';

/**
 * Proves contact with the primary and tells where the partition ends at this moment.
 *
 * ```
 * KEYS[1]  meta hash of the partition
 *
 * Output   { epoch, number, id } of the partition's last event; number '0' and id '0-0' before the first
 * Errors   WRONGTYPE  the meta key holds something else; nothing was written
 *          READONLY   (from Redis) this server is a replica
 * ```
 *
 * It counts the beat, because only a write is refused by a replica and carried to the replicas that WAIT asks about.
 * `allow-oom`: a full memory refuses new revocations but must not blind the nodes to those they know; the hash does
 * not grow.
 */
export const beatScript = `#!lua flags=allow-oom
${currentEpochLua}
local meta_type = redis.call('TYPE', KEYS[1]).ok
if meta_type ~= 'hash' and meta_type ~= 'none' then
  return redis.error_reply('WRONGTYPE the meta key of the partition is not a hash')
end

local epoch = current_epoch(KEYS[1])
redis.call('HINCRBY', KEYS[1], 'beats', 1)
local last = redis.call('HMGET', KEYS[1], 'number', 'id')
return { epoch, last[1] or '0', last[2] or '0-0' }
`;
