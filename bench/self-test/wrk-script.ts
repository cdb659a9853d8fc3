/** The script by which wrk sends what the lab's own load sends, and tells what it did in a form that a program can read. */

/**
 * ```
 * args[1]   file of whole requests, each ended by a zero byte; they are sent in rotation over all connections
 * args[2]   `awake`: wrk does not sleep while it waits for answers
 *
 * Output    one line of JSON: requests, durationMicros, failures
 * ```
 *
 * The requests come from a file and not from `wrk.format`, which would write their header fields in an order of its own.
 * Failures are connections and answers that went wrong, statuses from 400 on among them.
 *
 * wrk has no option to stay awake. Its thread waits in `epoll_wait` (src/ae_epoll.c), so one more descriptor, which is always
 * ready and of which wrk knows nothing, lets every wait return at once: an eventfd above 0 (eventfd(2)). `init` runs when the
 * thread has its epoll already (src/wrk.c).
 */
export const wrkScript = `
local requests, sent = {}, 0

local ffi = require('ffi')
ffi.cdef [[
int eventfd(unsigned int initial, int flags);
int epoll_ctl(int epoll, int operation, int descriptor, void *event);
long readlink(const char *path, char *text, size_t size);
struct packed_event { uint32_t events; uint64_t data; } __attribute__((packed));
struct event { uint32_t events; uint64_t data; };
]]

local EPOLL_CTL_ADD, EPOLLIN = 1, 1

local function epoll()
  local text = ffi.new('char[64]')
  for descriptor = 3, 1023 do
    local length = ffi.C.readlink('/proc/self/fd/' .. descriptor, text, 64)
    if length > 0 and ffi.string(text, length) == 'anon_inode:[eventpoll]' then return descriptor end
  end
  error('wrk waits for its connections in something else than epoll')
end

local function stay_awake()
  local ready = ffi.C.eventfd(1, 0)
  local event = ffi.new(ffi.arch == 'x64' and 'struct packed_event' or 'struct event')
  event.events = EPOLLIN
  event.data = ready
  assert(ready >= 0 and ffi.C.epoll_ctl(epoll(), EPOLL_CTL_ADD, ready, event) == 0)
end

function init(args)
  if args[2] == 'awake' then stay_awake() end
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
