-- What gateways ask, over kept-alive connections: `access.lua KIND FILE THREADS USERS TOKEN`, FILE
-- holding one client id a line.
--
-- authorise: every user of every app once; each thread takes every THREADS-th.
-- check: whether a user who has authorised an app may be served, of all of them in no order.
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

function init(args)
  kind, step, users = args[1], tonumber(args[3]), tonumber(args[4])
  for line in io.lines(args[2]) do
    table.insert(apps, line)
  end
  at = first
  math.randomseed(first + 1)
  wrk.headers["Authorization"] = "Bearer " .. args[5]
end

local function authorise()
  -- The apps in turn, so that it is rarely one app twice at a time.
  local app = apps[at % #apps + 1]
  local user = math.floor(at / #apps)
  at = at + step
  if user >= users then
    wrk.thread:stop()
    return wrk.format("GET", "/health/live")
  end
  return wrk.format("PUT", "/api/v1/apps/" .. app .. "/authorisations/user-" .. user)
end

local function check()
  wrk.headers["X-Client-Id"] = apps[math.random(#apps)]
  wrk.headers["X-Subject"] = "user-" .. math.random(0, users - 1)
  return wrk.format("GET", "/api/v1/check")
end

function request()
  if kind == "authorise" then
    return authorise()
  end
  if kind == "check" then
    return check()
  end
  return wrk.format("GET", "/api/v1/apps/" .. apps[math.random(#apps)])
end

function response(status)
  if status ~= (kind == "authorise" and 201 or 200) then
    unexpected = unexpected + 1
  end
end
