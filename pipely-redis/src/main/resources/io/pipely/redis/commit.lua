-- Enters a change as a whole, if the channel still is as it was when that was decided on: compares, and appends.
-- Knows nothing of what the entries mean.
--
-- KEYS: state, seats, log.
-- ARGV: 1 the channel's feed, 2 epoch, 3 version ('' if there is to be no channel), 4 the number of an entry that
-- must be in the log, or have been, 5 the change's id, 6 the version after it, 7 password ('' for none), 8 how many
-- bytes of the log to keep, 9 for how many milliseconds; then how many seats to put, and for each its id and its
-- record; then how many seats to remove, and the id of each; then weight and bytes of each entry.
--
-- Gives the number of the first entry, or 0 where the change is not entered.
local state, seats, log = KEYS[1], KEYS[2], KEYS[3]
local epoch, change, version = ARGV[2], ARGV[5], ARGV[6]
local created = ARGV[3] == ''
local found = redis.call('HMGET', state, 'epoch', 'version', 'last', 'bytes')
if created then
  if found[1] then
    return 0
  end
elseif found[1] ~= epoch or found[2] ~= ARGV[3] or tonumber(found[3]) < tonumber(ARGV[4]) then
  return 0
end

local function id(number)
  return string.format('%.0f-0', number)
end

local next = 10
local function argument()
  next = next + 1
  return ARGV[next - 1]
end

for _ = 1, tonumber(argument()) do
  local seat = argument()
  redis.call('HSET', seats, seat, argument())
end
for _ = 1, tonumber(argument()) do
  redis.call('HDEL', seats, argument())
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local first = tonumber(found[3] or '0') + 1
local last = first - 1
local bytes = tonumber(found[4] or '0')
local entries = {}
while next < #ARGV do
  local weight = argument()
  local entry = argument()
  last = last + 1
  bytes = bytes + weight
  entries[#entries + 1] = entry
  redis.call('XADD', log, id(last), 'change', change, 'version', version, 'weight', weight, 'time', now, 'entry', entry)
end

-- Lets go of the oldest: of a bounded number at a time, but of more than come; never of the newest.
local keepBytes, oldest = tonumber(ARGV[8]), now - tonumber(ARGV[9])
for _ = 1, #entries + 100 do
  local olds = redis.call('XRANGE', log, '-', '+', 'COUNT', 2)
  if #olds < 2 or (bytes <= keepBytes and tonumber(olds[1][2][8]) >= oldest) then
    break
  end
  bytes = bytes - olds[1][2][6]
  redis.call('XTRIM', log, 'MINID', olds[2][1])
end

local ended = redis.call('EXISTS', seats) == 0
if ended then
  redis.call('DEL', state, log)
else
  redis.call('HSET', state, 'epoch', epoch, 'version', version, 'last', string.format('%.0f', last), 'bytes', bytes)
  if created and ARGV[7] ~= '' then
    redis.call('HSET', state, 'password', ARGV[7])
  end
end

local message = {
  epoch, version, string.format('%.0f', first), change, created and '1' or '0', ended and '1' or '0',
  created and ARGV[7] or ''
}
for _, entry in ipairs(entries) do
  message[#message + 1] = entry
end
for i, part in ipairs(message) do
  message[i] = #part .. ':' .. part
end
redis.call('SPUBLISH', ARGV[1], table.concat(message))
return first
