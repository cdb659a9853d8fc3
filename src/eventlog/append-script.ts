/** The one script that writes to the log: events and everything that follows from them, or nothing. */

import { currentEpochLua } from './epoch-lua.ts';

/** For how long an append can be repeated under its operation id, in milliseconds. */
export const operationLifetimeMillis = 60_000;

/** How many expired revocations one append clears away at most: more than it adds, and never a pause. */
const clearedPerAppend = 128;

/**
 * Appends events to a partition and writes the inline projections' effects in the same step.
 *
 * ```
 * KEYS[1]  stream   events of the partition
 * KEYS[2]  hash     meta of the partition
 * KEYS[3]  string   user record: version, operation id and state, a blank between them
 * KEYS[4]  zset     revocation index
 * KEYS[5]  string   result of this operation id
 * KEYS[6]  string   birth of the partition
 * KEYS[7…] string   one record for each 'put', 'replace' and 'remove', in the order of the effects
 *
 * ARGV[1]  expected version of the user's stream
 * ARGV[2]  stream: the user
 * ARGV[3]  state to store for the user
 * ARGV[4]  lifetime of the operation id, milliseconds
 * ARGV[5]  operation id
 * ARGV[6]  operation id under which the user record must have been written, empty for none, '*' for any
 * ARGV[7]  number of events n
 * ARGV[8…] n events as JSON, then the effects one after the other:
 *            'put' value expiry          (takes the next of KEYS[7…])
 *            'replace' value expiry      (takes the next of KEYS[7…]; only where the record still is)
 *            'remove'                    (takes the next of KEYS[7…])
 *            'revoke' id expiry
 *          expiries in milliseconds since the Unix epoch
 *
 * Output   { 'appended' | 'repeated', version, epoch, number, id }   of the last event
 *          { 'conflict', actual version }                            nothing was written
 * Errors   WRONGTYPE  a key holds something else; nothing was written
 *          INVALID    the arguments make no sense; nothing was written
 *          CORRUPT    the stored version or number cannot be read; nothing was written
 *          OOM, READONLY, MISCONF … (from Redis, before the first line); nothing was written
 * ```
 *
 * A repeated append writes, too: WAIT asks the replicas only about writes. Redis does not roll back, so the order is:
 * look for the operation id, check everything, then XADD, the only write
 * that can still fail (all that stands then is perhaps a new epoch, which promises nothing), then writes that cannot
 * fail on what was checked. The first line makes Redis refuse keys of other slots, and refuse the whole script instead of one of its writes when memory is full.
 */
export const appendScript = `#!lua
${currentEpochLua}
local repeated = redis.call('GET', KEYS[5])
if repeated then
  redis.call('PEXPIRE', KEYS[5], ARGV[4])
  local version, epoch, number, id = string.match(repeated, '^(%d+) (%S+) (%d+) (%S+)$')
  return { 'repeated', version, epoch, number, id }
end

local types = { 'stream', 'hash', 'string', 'zset' }
for k = 1, 4 do
  local actual = redis.call('TYPE', KEYS[k]).ok
  if actual ~= types[k] and actual ~= 'none' then
    return redis.error_reply('WRONGTYPE key ' .. k .. ' of the append is not a ' .. types[k])
  end
end

local function is_integer(text)
  return text ~= nil and string.match(text, '^%d+$') ~= nil and #text <= 15
end
local count = tonumber(ARGV[7])
if not (is_integer(ARGV[1]) and is_integer(ARGV[4]) and is_integer(ARGV[7])) or count < 1 or #ARGV < 7 + count then
  return redis.error_reply('INVALID arguments of the append')
end
local effects, record, at = {}, 7, 8 + count
while at <= #ARGV do
  local kind = ARGV[at]
  if (kind == 'put' or kind == 'replace') and KEYS[record] and is_integer(ARGV[at + 2]) and tonumber(ARGV[at + 2]) > 0 then
    local set = { 'SET', KEYS[record], ARGV[at + 1], 'PXAT', ARGV[at + 2] }
    if kind == 'replace' then set[6] = 'XX' end
    effects[#effects + 1] = set
    record, at = record + 1, at + 3
  elseif kind == 'remove' and KEYS[record] then
    effects[#effects + 1] = { 'DEL', KEYS[record] }
    record, at = record + 1, at + 1
  elseif kind == 'revoke' and is_integer(ARGV[at + 2]) then
    effects[#effects + 1] = { 'ZADD', KEYS[4], 'GT', ARGV[at + 2], ARGV[at + 1] }
    at = at + 3
  else
    return redis.error_reply('INVALID effects of the append')
  end
end

local user = redis.call('GET', KEYS[3]) or '0  '
local read_version, writer = string.match(user, '^(%d+) (%S*) ')
local version = tonumber(read_version)
local last = redis.call('HMGET', KEYS[2], 'number', 'id')
local number, id = tonumber(last[1] or '0'), last[2] or '0-0'
if not version or not number then return redis.error_reply('CORRUPT version or number is not a number') end
if version ~= tonumber(ARGV[1]) or (ARGV[6] ~= '*' and writer ~= ARGV[6]) then
  return { 'conflict', string.format('%.0f', version) }
end

local epoch = current_epoch(KEYS[2], KEYS[6])
for e = 1, count do
  number, version = number + 1, version + 1
  id = redis.call('XADD', KEYS[1], '*', 'number', string.format('%.0f', number), 'epoch', epoch, 'predecessor', id,
    'stream', ARGV[2], 'version', string.format('%.0f', version), 'event', ARGV[7 + e])
end

local written_number, written_version = string.format('%.0f', number), string.format('%.0f', version)
redis.call('HSET', KEYS[2], 'number', written_number, 'id', id)
redis.call('SET', KEYS[3], written_version .. ' ' .. ARGV[5] .. ' ' .. ARGV[3])
for _, effect in ipairs(effects) do redis.call(unpack(effect)) end
redis.call('SET', KEYS[5], written_version .. ' ' .. epoch .. ' ' .. written_number .. ' ' .. id, 'PX', ARGV[4])

local time = redis.call('TIME')
local now = string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
local expired = redis.call('ZRANGE', KEYS[4], '-inf', '(' .. now, 'BYSCORE', 'LIMIT', 0, ${clearedPerAppend})
if #expired > 0 then redis.call('ZREM', KEYS[4], unpack(expired)) end

return { 'appended', written_version, epoch, written_number, id }
`;
