-- Fetches one page again and again.
local here = debug.getinfo(1, "S").source:match("^@(.*/)")
local report = dofile(here .. "report.lua")

setup = report.setup
done = report.done

function response(status)
  if status ~= 200 then
    unexpected = unexpected + 1
  end
end
