-- Sends prepared forms, each one once: `post.lua FILE THREADS`, FILE holding
-- one line "path<TAB>cookie<TAB>body" for each. A thread takes every THREADS-th line.
local here = debug.getinfo(1, "S").source:match("^@(.*/)")
local report = dofile(here .. "report.lua")
local number = 0

function setup(thread)
  thread:set("first", number)
  number = number + 1
  report.setup(thread)
end

done = report.done

local forms = {}
local at = 0

function init(args)
  local threads = tonumber(args[2])
  local line_number = 0
  for line in io.lines(args[1]) do
    if line_number % threads == first then
      table.insert(forms, line)
    end
    line_number = line_number + 1
  end
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  wrk.headers["Origin"] = "http://" .. wrk.host .. ":" .. wrk.port
  wrk.headers["Sec-Fetch-Site"] = "same-origin"
end

function request()
  at = at + 1
  if at > #forms then
    -- Nothing is left to do: this thread's time is up.
    wrk.thread:stop()
    return wrk.format("GET", "/health/live")
  end
  local path, cookie, body = forms[at]:match("^(.-)\t(.-)\t(.*)$")
  wrk.headers["Cookie"] = cookie
  return wrk.format("POST", path, nil, body)
end

-- Done is a redirect that says so; a refusal is a redirect to the kept form.
function response(status, headers)
  local location = headers["location"] or headers["Location"] or ""
  if status ~= 303 or not location:find("done=", 1, true) then
    unexpected = unexpected + 1
  end
end
