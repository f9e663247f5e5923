-- Fetches one page, each time as another reader: `queue.lua FILE`, FILE holding one session's cookie
-- a line.
local here = debug.getinfo(1, "S").source:match("^@(.*/)")
local report = dofile(here .. "report.lua")
local number = 0

function setup(thread)
  thread:set("first", number)
  number = number + 1
  report.setup(thread)
end

done = report.done

local cookies = {}

function init(args)
  for line in io.lines(args[1]) do
    table.insert(cookies, line)
  end
  math.randomseed(first + 1)
end

function request()
  wrk.headers["Cookie"] = cookies[math.random(#cookies)]
  return wrk.format("GET")
end

function response(status)
  if status ~= 200 then
    unexpected = unexpected + 1
  end
end
