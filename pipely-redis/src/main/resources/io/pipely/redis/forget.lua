-- Forgets a node, if it stands still where it was.
--
-- KEYS: how far the nodes have counted, the channels of that node.
-- ARGV: the node, how far it had counted.
--
-- Gives 1, or 0 where it has counted on.
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then
  return 0
end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
return 1
