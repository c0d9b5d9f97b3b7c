#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/base/chrome_trace.hpp"
#include "socle/report/serve/simulate_report.hpp"

namespace socle::report {
namespace {

constexpr int kSteps = 0;  // the row of a replica

const char* category(const serve::Segment& s) {
  if (s.prompts == 0) return "decode";
  return s.decoding == 0 ? "prompts" : "mixed";
}

std::string name_of(const serve::Segment& s) {
  std::string name;
  if (s.prompts > 0) name = fmt::format("{} prompt tokens", s.prompt_tokens);
  if (s.decoding > 0) name += fmt::format("{}decode {}", name.empty() ? "" : ", ", s.decoding);
  return s.run.steps > 1 ? fmt::format("{} x {} steps", name, s.run.steps) : name;
}

}  // namespace

// Prefill replicas are the first processes, as requests pass them first.
std::string serve_timeline_trace(const answer::ServeResult& result) {
  SOCLE_CHECK(result.timeline.has_value(), "a timeline was asked for");
  const answer::ServeTimeline& timeline = *result.timeline;
  const int batches = result.prefill ? result.prefill->deployment.batches : 1;
  const int first_decode = result.prefill ? result.prefill->replicas * batches : 0;
  ChromeTrace trace;
  trace.note("steps", timeline.steps);
  trace.note("steps kept", timeline.steps_kept);
  trace.note("kept until, seconds", net::to_seconds(timeline.until).value());
  std::set<int> named;
  for (const answer::TimelineEntry& entry : timeline.entries) {
    const serve::Segment& s = entry.segment;
    const int process = static_cast<int>(entry.replica) + (entry.prefill ? 0 : first_decode);
    if (named.insert(process).second) {
      const char* kind = entry.prefill ? "prefill replica" : result.prefill ? "decode replica" : "replica";
      trace.name_process(process, fmt::format("{} {}", kind, entry.replica));
      trace.name_row(process, kSteps, "steps");
    }
    const Seconds start = net::to_seconds(s.run.start), end = net::to_seconds(s.run.end());
    trace.slice(process, kSteps, category(s), name_of(s), start, end - start,
                Json::object({{"steps", s.run.steps},
                              {"decoding", s.decoding},
                              {"prompts", s.prompts},
                              {"prompt tokens", s.prompt_tokens}}));
    trace.counter(process, "requests", end, Json::object({{"waiting", s.waiting}, {"running", s.running}}));
    const auto blocks =
        static_cast<double>(std::max<std::int64_t>(1, entry.prefill ? timeline.prefill_blocks : timeline.blocks));
    trace.counter(process, "cache in use, %", end,
                  Json::object({{"used", static_cast<double>(s.blocks_used) / blocks * 100.0}}));
  }
  return std::move(trace).str();
}

}  // namespace socle::report
