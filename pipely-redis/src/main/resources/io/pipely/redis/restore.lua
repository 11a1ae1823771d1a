-- Puts a channel back as a node knew it, with an empty log, if it still is as that node has just found it.
--
-- KEYS: state, seats, log.
-- ARGV: 1 the channel's feed, 2 epoch, 3 version and 4 last as they were found ('' each where there was no channel),
-- 5 the new epoch, 6 the version, 7 password ('' for none), then id and record of each seat.
--
-- Gives 1, or 0 where the channel was not as it had been found.
local state, seats, log = KEYS[1], KEYS[2], KEYS[3]
local found = redis.call('HMGET', state, 'epoch', 'version', 'last')
for i = 1, 3 do
  if (found[i] or '') ~= ARGV[i + 1] then
    return 0
  end
end

redis.call('DEL', state, seats, log)
redis.call('HSET', state, 'epoch', ARGV[5], 'version', ARGV[6], 'last', '0', 'bytes', '0')
if ARGV[7] ~= '' then
  redis.call('HSET', state, 'password', ARGV[7])
end
for i = 8, #ARGV, 2 do
  redis.call('HSET', seats, ARGV[i], ARGV[i + 1])
end

-- A message without a change, by which those who follow see that the epoch is another.
local message = {ARGV[5], ARGV[6], '1', '', '0', '0', ''}
for i, part in ipairs(message) do
  message[i] = #part .. ':' .. part
end
redis.call('SPUBLISH', ARGV[1], table.concat(message))
return 1
