-- What gateways ask, over kept-alive connections: `access.lua KIND FILE THREADS USERS TOKEN`, FILE
-- holding one client id a line.
--
-- authorise: somebody new authorises one app after the other; each thread takes every THREADS-th.
-- fill: the same by USERS of each app, each once, and then no more.
-- check: whether one of these may be served, of all of them in no order.
-- app: how an app stands.
local here = debug.getinfo(1, "S").source:match("^@(.*/)")
local report = dofile(here .. "report.lua")
local number = 0

function setup(thread)
  thread:set("first", number)
  number = number + 1
  report.setup(thread)
end

done = report.done

local apps = {}
local kind, step, users, at
local looked_at = false

function init(args)
  kind, step, users = args[1], tonumber(args[3]), tonumber(args[4])
  for line in io.lines(args[2]) do
    table.insert(apps, line)
  end
  at = first
  looked_at = first ~= 0
  math.randomseed(first + 1)
  wrk.headers["Authorization"] = "Bearer " .. args[5]
end

local function authorise(who, most)
  -- The apps in turn, so that it is rarely one app twice at a time.
  local app = apps[at % #apps + 1]
  local user = math.floor(at / #apps)
  at = at + step
  if user >= most then
    wrk.thread:stop()
    return wrk.format("GET", "/health/live")
  end
  return wrk.format("PUT", "/api/v1/apps/" .. app .. "/authorisations/" .. who .. user)
end

local function check()
  wrk.headers["X-Client-Id"] = apps[math.random(#apps)]
  wrk.headers["X-Subject"] = "user-" .. math.random(0, users - 1)
  return wrk.format("GET", "/api/v1/check")
end

function request()
  -- wrk makes a request of the first thread beforehand, to look at it, and does not send it.
  if not looked_at then
    looked_at = true
    return wrk.format("GET", "/health/live")
  end
  if kind == "authorise" then
    return authorise("new-", math.huge)
  end
  if kind == "fill" then
    return authorise("user-", users)
  end
  if kind == "check" then
    return check()
  end
  return wrk.format("GET", "/api/v1/apps/" .. apps[math.random(#apps)])
end

function response(status)
  -- Who fills may begin anew, and finds some who were there before.
  local expected = status == 201 and (kind == "authorise" or kind == "fill")
    or status == 200 and kind ~= "authorise"
  if not expected then
    unexpected = unexpected + 1
  end
end
