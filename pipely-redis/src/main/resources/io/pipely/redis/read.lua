-- Gives how the channel is at this moment, and what is new. Changes nothing of it.
--
-- KEYS: state, seats, log, run.
-- ARGV: 1 a known epoch, 2 the number of the last entry that is known of it, 3 the id of the change that it came by
-- ('' if that is not known), 4 a new word to stand for the data, where none does.
--
-- Gives the word that stands for the data, and no more where there is no channel; otherwise also epoch, version,
-- last, password ('' for none), the time in milliseconds, 0 to 2, the log, the seats, and the origin: the epoch that the
-- channel had before it was put back for the first time ('' if it never was). With 1, the log is what follows the last
-- known entry, without a hole, and there are no seats; otherwise it is all that is kept, with 2 because another change is
-- in the place of the last known entry.
local state, seats, log = KEYS[1], KEYS[2], KEYS[3]
local run = redis.call('GET', KEYS[4])
if not run then
  run = ARGV[4]
  redis.call('SET', KEYS[4], run)
end
local found = redis.call('HMGET', state, 'epoch', 'version', 'last', 'password', 'origin')
if not found[1] then
  return {run}
end
local time = redis.call('TIME')
local answer = {run, found[1], found[2], found[3], found[4] or '', time[1] * 1000 + math.floor(time[2] / 1000)}

local how = 0
local known, last = tonumber(ARGV[2]), tonumber(found[3])
if found[1] == ARGV[1] and known <= last then
  local entries = redis.call('XRANGE', log, string.format('%.0f-0', known), '+')
  if entries[1] and entries[1][1] == string.format('%.0f-0', known) then
    if ARGV[3] ~= '' and entries[1][2][2] ~= ARGV[3] then
      how = 2
    end
    table.remove(entries, 1)
  end
  if how == 0 and #entries == last - known then
    answer[7] = 1
    answer[8] = entries
    answer[9] = {}
    answer[10] = found[5] or ''
    return answer
  end
end

answer[7] = how
answer[8] = redis.call('XRANGE', log, '-', '+')
answer[9] = redis.call('HGETALL', seats)
answer[10] = found[5] or ''
return answer
