-- What every script shares: answers other than the expected ones are counted
-- as errors, and one line at the end carries the result.
local report = {}
local threads = {}

function report.setup(thread)
  thread:set("unexpected", 0)
  table.insert(threads, thread)
end

function report.done(summary, latency)
  local errors = summary.errors
  local wrong = errors.connect + errors.read + errors.write + errors.timeout
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("unexpected")
  end
  io.write(string.format(
    'RESULT {"requests":%d,"duration_us":%d,"p50_us":%d,"p95_us":%d,"p99_us":%d,"errors":%d}\n',
    summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(95), latency:percentile(99), wrong))
end

return report
