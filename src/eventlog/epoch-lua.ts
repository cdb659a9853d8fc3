/** The part that the append script and the beat script share: which life of the log this is. */

/**
 * Defines `current_epoch(meta)`: the epoch of the partition whose meta hash is `meta`. It goes by the server's run id,
 * which is new after every start and another on the replica that was promoted. Where the stored one differs or is
 * missing, a new epoch begins and is stored: `<generation>-<run id prefix>`. The generation starts at the server's
 * microseconds, so that a log that was emptied under the same run id still gets a text that no node has seen.
 */
export const currentEpochLua = `
local function current_epoch(meta)
  local run_id = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
  local known = redis.call('HMGET', meta, 'runId', 'epoch', 'generation')
  if known[1] == run_id and known[2] then return known[2] end
  local generation
  if known[3] then
    generation = string.format('%.0f', tonumber(known[3]) + 1)
  else
    local time = redis.call('TIME')
    generation = string.format('%.0f', tonumber(time[1]) * 1000000 + tonumber(time[2]))
  end
  local epoch = generation .. '-' .. string.sub(run_id, 1, 8)
  redis.call('HSET', meta, 'runId', run_id, 'epoch', epoch, 'generation', generation)
  return epoch
end
`;
