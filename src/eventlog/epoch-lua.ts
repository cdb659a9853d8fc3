/** The part that the append script and the beat script share: which life of the log this is. */

/**
 * Defines `current_epoch(meta, birth_key)`: the epoch of the partition whose meta hash is `meta`. It goes by the server's
 * run id, which is new after every start and another on the replica that was promoted. Where the stored one differs or
 * is missing, a new epoch begins and is stored: `<birth>.<turn>-<run id prefix>`. The birth is the time in microseconds
 * at which the partition's meta hash was made, so that a log that was emptied under the same run id still gets a text
 * that no node has seen; the turn counts epochs since. The birth stands under a key of its own, too, beside records.
 */
export const currentEpochLua = `
local function current_epoch(meta, birth_key)
  local run_id = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
  local known = redis.call('HMGET', meta, 'runId', 'epoch', 'birth', 'turn')
  if known[1] == run_id and known[2] then return known[2] end
  local birth, turn = known[3], '0'
  if birth then
    turn = string.format('%.0f', tonumber(known[4]) + 1)
  else
    local time = redis.call('TIME')
    birth = string.format('%.0f', tonumber(time[1]) * 1000000 + tonumber(time[2]))
  end
  local epoch = birth .. '.' .. turn .. '-' .. string.sub(run_id, 1, 8)
  redis.call('HSET', meta, 'runId', run_id, 'epoch', epoch, 'birth', birth, 'turn', turn)
  redis.call('SET', birth_key, birth)
  return epoch
end
`;
