/** Forgets a member of a partition that has given no sign of life since it was read. */

/**
 * ```
 * KEYS[1]  hash   members of the partition
 *
 * ARGV[1]  node id
 * ARGV[2]  the field as it was read
 *
 * Output   1, or 0 where the field is another by now or is gone
 * ```
 */
export const removeMemberScript = `#!lua
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('HDEL', KEYS[1], ARGV[1])
`;
