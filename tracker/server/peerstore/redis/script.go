package redis

// totals is what both scripts begin with: a function that counts a swarm's peers that
// were heard of since a time. Partial seeds are among those that want nothing, and
// known by what is kept of them; they are few, or the count would be.
const totals = `
local function totals(since)
  local seeders, wants, partial = 0, 0, tonumber(redis.call('HGET', KEYS[5], 'partial') or 0)
  wants = redis.call('ZCOUNT', KEYS[1], since, '+inf') + redis.call('ZCOUNT', KEYS[3], since, '+inf')
  local rest = redis.call('ZCOUNT', KEYS[2], since, '+inf') + redis.call('ZCOUNT', KEYS[4], since, '+inf')
  partial = math.min(partial, rest)
  seeders = rest - partial
  return seeders, wants + partial, partial, tonumber(redis.call('HGET', KEYS[5], 'completed') or 0)
end
`

// scrapeScript counts the peers that were heard of since ARGV[1].
const scrapeScript = totals + `
local a, b, c, d = totals(ARGV[1])
return {a, b, c, d}
`

// announceScript takes note of a peer: ARGV is the peer, l or s for what it wants,
// stopped or completed, the time, the time to live, how many peers are wanted, what
// is kept of it, 1 if it takes peers with TLS alone, and a number by chance, as a
// script has none of its own.
//
// What is kept of peers is a field for each that has something, whose first letter
// counts: P partial seeds and T those with TLS are numbers of their own, so that
// nothing has to be searched.
const announceScript = totals + `
local peer, role, did, now, ttl = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local want, said, only, turn = tonumber(ARGV[6]), ARGV[7], ARGV[8] == '1', tonumber(ARGV[9])
local since = now - ttl

local function counted(about, n)
  if not about or about == '' then return end
  if string.sub(about, 1, 1) == 'P' then redis.call('HINCRBY', KEYS[5], 'partial', n) end
  if string.find(string.sub(about, 1, 2), 'T', 1, true) then redis.call('HINCRBY', KEYS[5], 'tls', n) end
end

local function forget(about)
  counted(redis.call('HGET', KEYS[5], about), -1)
  redis.call('HDEL', KEYS[5], about)
end

for i = 1, 4 do -- those whose time is over, a few at a time
  local old = redis.call('ZRANGEBYSCORE', KEYS[i], '-inf', '(' .. since, 'LIMIT', 0, 100)
  for _, p in ipairs(old) do
    redis.call('ZREM', KEYS[i], p)
    forget(p)
  end
end

local seeded = redis.call('ZSCORE', KEYS[2], peer) and string.sub(redis.call('HGET', KEYS[5], peer) or '', 1, 1) ~= 'P'
redis.call('ZREM', KEYS[1], peer)
redis.call('ZREM', KEYS[2], peer)
forget(peer)
if did ~= 'stopped' then
  redis.call('ZADD', role == 'l' and KEYS[1] or KEYS[2], now, peer)
  if said ~= '' then
    redis.call('HSET', KEYS[5], peer, said)
    counted(said, 1)
  end
  if did == 'completed' and not seeded then redis.call('HINCRBY', KEYS[5], 'completed', 1) end
  for i = 1, 5 do redis.call('EXPIRE', KEYS[i], ttl + 120) end
elseif redis.call('EXISTS', KEYS[1], KEYS[2], KEYS[3], KEYS[4]) == 0 then
  redis.call('DEL', KEYS[5])
end

local a, b, c, d = totals(since)
local tls = tonumber(redis.call('HGET', KEYS[5], 'tls') or 0)
local out = {a, b, c, d, tls}
if did == 'stopped' or want <= 0 or only and tls == 0 then return out end

local picked = {}
local function pick(key, n)
  for _, p in ipairs(redis.call('ZRANDMEMBER', key, n)) do
    if p ~= peer then picked[#picked + 1] = p end
  end
end
local ask = (only and want * 16 or want) + 1
if role == 's' then
  pick(KEYS[1], ask)
else -- of both kinds as many as there are of them
  local l, s = redis.call('ZCARD', KEYS[1]), redis.call('ZCARD', KEYS[2])
  if l + s <= ask then
    pick(KEYS[1], l)
    pick(KEYS[2], s)
  else
    local share = math.floor(ask * l / (l + s) + 0.5)
    pick(KEYS[1], share)
    pick(KEYS[2], ask - share)
  end
end
-- The server picks in order: who is left out must not always be the last.
for i = 1, #picked do
  local p = picked[(i + turn) % #picked + 1]
  local about = tls > 0 and redis.call('HGET', KEYS[5], p) or ''
  local has = string.find(string.sub(about, 1, 2), 'T', 1, true)
  if (#out - 5) / 2 >= want then break end
  if has or not only then
    out[#out + 1] = p
    out[#out + 1] = about
  end
end
return out
`
