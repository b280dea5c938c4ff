import { createHash } from 'node:crypto';

/*
 * One string a key: how many requests were ever counted in it, the number of the newest bucket, and then, oldest first, each
 * bucket that is not empty with the count before it. What is in the window is the difference of two of these counts, so a
 * request costs the same whether the window holds one bucket or sixty; buckets that have left it are cut off in front, each
 * once. The oldest second of the window is counted whole though part of it has passed, so 61 seconds are looked at: the count
 * is never too low. Redis runs a script alone, so callers that race are counted one after the other; its clock is the only one
 * that counts.
 *
 * ARGV: width of a bucket in ms, buckets, then for each request: how many limits it has, and for each of them the number of
 * its key and the limit. Answer: the time, and for each request four numbers (allowed, tightest, remaining, reset).
 */
export const WINDOW_SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local width, buckets = tonumber(ARGV[1]), tonumber(ARGV[2])
local current = math.floor(now / width)

-- total, newest, entries (raw) as stored; first and base: the oldest bucket in the window and the count before it.
local windows = {}
for i = 1, #KEYS do
  local window = { total = 0, newest = 0, raw = '', first = current, base = 0 }
  local stored = redis.call('GET', KEYS[i])
  if stored then
    local total, newest = struct.unpack('<dd', stored)
    -- A clock that was set back must not make room; one that had run far ahead must not keep everybody out.
    if newest <= current + buckets then
      window.total, window.newest, window.raw = total, newest, stored
      if newest > current then current = newest end
    end
  end
  windows[i] = window
end
for i = 1, #KEYS do
  local window = windows[i]
  local raw, at, size = window.raw, 17, #window.raw
  while at <= size do
    window.first, window.base = struct.unpack('<dd', raw, at)
    if window.first >= current - buckets then break end
    at = at + 16
  end
  if at > size then window.first, window.base = current, window.total end
  window.raw = string.sub(raw, at)
end

-- When so many have left that fewer than the limit remain: at once the oldest, more if the limit was lowered meanwhile.
local function reset_of(window, limit)
  local at, size, bucket = 17, #window.raw, window.first
  while at <= size do
    local after, before = struct.unpack('<dd', window.raw, at)
    if window.total - before < limit then break end
    bucket, at = after, at + 16
  end
  return (bucket + buckets + 1) * width - now
end

local answer, at = { now }, 3
while at <= #ARGV do
  local count = tonumber(ARGV[at])
  local tightest, remaining = 1, math.huge
  for j = 1, count do
    local window, limit = windows[tonumber(ARGV[at + 2 * j - 1])], tonumber(ARGV[at + 2 * j])
    local room = limit - (window.total - window.base)
    if room < remaining then tightest, remaining = j, room end
  end
  local allowed, reset = remaining > 0, 0
  for j = 1, count do
    local window, limit = windows[tonumber(ARGV[at + 2 * j - 1])], tonumber(ARGV[at + 2 * j])
    if allowed then
      if window.newest ~= current then
        window.raw = window.raw .. struct.pack('<dd', current, window.total)
        window.newest = current
      end
      window.total = window.total + 1
      window.changed = true
      if j == tightest then reset = (window.first + buckets + 1) * width - now end
    elseif window.total - window.base >= limit then
      local full = reset_of(window, limit)
      if full > reset then reset, tightest = full, j end
    end
  end
  if allowed then remaining = remaining - 1 else remaining = 0 end
  local n = #answer
  answer[n + 1], answer[n + 2], answer[n + 3], answer[n + 4] = allowed and 1 or 0, tightest, remaining, reset
  at = at + 1 + 2 * count
end

for i = 1, #KEYS do
  local window = windows[i]
  if window.changed then
    redis.call('SET', KEYS[i], struct.pack('<dd', window.total, window.newest) .. window.raw, 'PX', width * (buckets + 1))
  end
end
return answer
`;

/** What EVALSHA knows the script by. */
export const WINDOW_SCRIPT_SHA = createHash('sha1').update(WINDOW_SCRIPT).digest('hex');
