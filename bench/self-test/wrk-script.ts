/** The script by which wrk sends what the lab's own load sends, and tells what it did in a form that a program can read. */

/**
 * ```
 * args[1]   file of whole requests, each ended by a zero byte; they are sent in rotation over all connections
 *
 * Output    one line of JSON: requests, durationMicros, failures
 * ```
 *
 * The requests come from a file and not from `wrk.format`, which would write their header fields in an order of its own.
 * Failures are connections and answers that went wrong, statuses from 400 on among them.
 */
export const wrkScript = `
local requests, sent = {}, 0

function init(args)
  local file = assert(io.open(args[1], 'rb'))
  for request in file:read('*a'):gmatch('[^%z]+') do
    requests[#requests + 1] = request
  end
  file:close()
end

function request()
  sent = sent % #requests + 1
  return requests[sent]
end

function done(summary)
  local errors = summary.errors
  local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('{"requests":%d,"durationMicros":%d,"failures":%d}\\n',
    summary.requests, summary.duration, failures))
end
`;
