-- Puts a channel back as a node knew it, with an empty log, if it still has the epoch by which that node has just found
-- it: what is entered meanwhile does not bring back what is lost.
--
-- KEYS: state, seats, log.
-- ARGV: 1 the channel's feed, 2 the epoch that was found ('' where there was no channel), 3 the new epoch, 4 the origin,
-- 5 the version, 6 password ('' for none), then id and record of each seat.
--
-- Gives 1, or 0 where the channel has another epoch.
local state, seats, log = KEYS[1], KEYS[2], KEYS[3]
if (redis.call('HGET', state, 'epoch') or '') ~= ARGV[2] then
  return 0
end

redis.call('DEL', state, seats, log)
redis.call('HSET', state, 'epoch', ARGV[3], 'origin', ARGV[4], 'version', ARGV[5], 'last', '0', 'bytes', '0')
if ARGV[6] ~= '' then
  redis.call('HSET', state, 'password', ARGV[6])
end
for i = 7, #ARGV, 2 do
  redis.call('HSET', seats, ARGV[i], ARGV[i + 1])
end

-- A message without a change, by which those who follow see that the epoch is another.
local message = {ARGV[3], ARGV[5], '1', '', '0', '0', ''}
for i, part in ipairs(message) do
  message[i] = #part .. ':' .. part
end
redis.call('SPUBLISH', ARGV[1], table.concat(message))
return 1
