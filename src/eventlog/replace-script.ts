/** The script that renews a record without ever bringing one back, and without undoing what somebody else wrote. */

/**
 * Writes a record only where it holds what its reader saw. `SET … XX` alone would keep an ended session dead, but it
 * would also put yesterday's roles back over today's.
 *
 * ```
 * KEYS[1]  string   the record
 * ARGV[1]  the value it must have
 * ARGV[2]  the value it gets
 * ARGV[3]  its expiry, milliseconds since the Unix epoch
 *
 * Output   1   written
 *          0   the record has gone or holds something else; nothing was written
 * ```
 */
export const replaceScript = `#!lua
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'XX', 'PXAT', ARGV[3])
return 1
`;
