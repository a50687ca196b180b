-- Small captures, each with ids of its own. MODE says whose form they have: freerange or pocketbase.
local mode, token, person, placement = os.getenv("MODE"), os.getenv("TOKEN"), os.getenv("PERSON"), os.getenv("PLACEMENT")
local seen = "Three lamps on the stairs are out since the autumn; people hold on to each other. " .. string.rep("x", 60)
local counter, threads = 0, 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init()
  math.randomseed(os.time() * 1000 + number * 7919)
  device = string.format("%08x-0000-7000-8000-%012x", math.random(0, 0xffffffff), number)
  salt = math.random(0, 0xffffffff)
end

local function id(kind)
  return string.format("%08x-%04x-7%03x-8%03x-%012x", salt, number, kind, math.random(0, 0xfff), counter)
end

function request()
  counter = counter + 1
  local headers = { ["Content-Type"] = "application/json", ["Authorization"] = token and ("Bearer " .. token) or nil }
  if mode == "pocketbase" then
    return wrk.format("POST", "/api/collections/captures/records", headers,
      string.format('{"note":"%s","placement":"%s","sort":"saw","seen":"%s"}', id(1), placement, seen))
  end
  local now = os.time() * 1000000
  -- The feed is not what is measured: the phone has heard all but its own.
  return wrk.format("POST", "/notebook/sync", headers, string.format(
    '{"protocol":1,"device":"%s","person":"%s","epoch":%s,"clock":%d,"since":%d,"records":[{"id":"%s","at":%d,"what":{"kind":"note","note":"%s","placement":"%s","sort":"saw","seen":"%s","happened":%d}}]}',
    device, person, epoch and ('"' .. epoch .. '"') or "null", now, cursor or 0, id(1), now, id(2), placement, seen, now))
end

-- What a phone does: it remembers how far it has read.
function response(status, headers, body)
  if mode == "freerange" and status == 200 then
    epoch = body:match('"epoch":"([0-9a-f-]+)"') or epoch
    cursor = tonumber(body:match('"cursor":(%d+)')) or cursor
    if not body:find('"outcome":"kept"', 1, true) then print("not kept: " .. body:sub(1, 200)) end
  elseif status ~= 200 then
    print(status .. ": " .. body:sub(1, 200))
  end
end
