/** The beat: a writing script that only the primary can run, and that answers with the end of a partition. */

import { currentEpochLua } from './epoch-lua.ts';

/**
 * Proves contact with the primary and tells where the partition ends at this moment.
 *
 * ```
 * KEYS[1]  hash     meta of the partition
 * KEYS[2]  string   birth of the partition
 * KEYS[3]  hash     members of the partition
 *
 * ARGV     none, or: a node's id, its field
 *
 * Output   { epoch, number, id } of the partition's last event; number '0' and id '0-0' before the first
 * Errors   WRONGTYPE  a key holds something else; nothing was written
 *          READONLY   (from Redis) this server is a replica
 * ```
 *
 * It counts the beat, because only a write is refused by a replica and carried to the replicas that WAIT asks about.
 * `allow-oom`: a full memory refuses new revocations but must not blind the nodes to those they know; the hashes hardly
 * grow.
 */
export const beatScript = `#!lua flags=allow-oom
${currentEpochLua}
for _, key in ipairs({ KEYS[1], KEYS[3] }) do
  local actual = redis.call('TYPE', key).ok
  if actual ~= 'hash' and actual ~= 'none' then
    return redis.error_reply('WRONGTYPE a key of the beat is not a hash')
  end
end

local epoch = current_epoch(KEYS[1], KEYS[2])
redis.call('HINCRBY', KEYS[1], 'beats', 1)
if ARGV[1] then redis.call('HSET', KEYS[3], ARGV[1], ARGV[2]) end
local last = redis.call('HMGET', KEYS[1], 'number', 'id')
return { epoch, last[1] or '0', last[2] or '0-0' }
`;
