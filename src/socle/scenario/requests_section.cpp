#include "socle/scenario/requests_section.hpp"

#include <limits>
#include <utility>

#include "socle/scenario/length_key.hpp"
#include "socle/scenario/values.hpp"
#include "socle/workload/traces/trace_format.hpp"

namespace socle::scenario {
namespace {

using Section = RequestsSection;

constexpr double kRateLeast = 1e-6, kRateMost = 1e9;
constexpr int kConcurrencyMax = 1'000'000;
constexpr double kBurstinessLeast = 0.05, kBurstinessMost = 20.0;
constexpr std::size_t kProfileParts = 1440;
constexpr AtMost<Seconds> kDay{Seconds{86400.0}, "1 day"};

KeyFacts facts(const char* name, const char* flag, const char* value, const char* help,
               std::vector<std::string> instead_of = {}) {
  return {.section = "requests",
          .name = name,
          .flag = flag,
          .value = value,
          .help = help,
          .questions = {Question::kServe},
          .instead_of = std::move(instead_of)};
}

/// The key, which also notes that it was said.
Key<Section> noted(Key<Section> key) {
  const std::string name = key.facts.name;
  key.read = [name, read = std::move(key.read)](const TomlTable& table, const std::string& spelled, Section& section) {
    if (table.has(spelled)) section.said.insert(name);
    read(table, spelled, section);
  };
  key.set = [name, set = std::move(key.set)](const std::string& text, Section& section) {
    section.said.insert(name);
    return set(text, section);
  };
  return key;
}

std::vector<Key<Section>> trace_keys() {
  return {
      name_key<Section>(common(facts("trace", "--trace", "FILE", "Replay the requests of a file, CSV or JSONL")),
                        &Section::trace, "trace.csv"),
      word_key<Section>(facts("trace_format", "--trace-format", "FORMAT",
                              "Format of the trace; default: recognised from its first line"),
                        &Section::trace_format, workload::trace_format_names()),
      boolean_key<Section>(facts("trace_sort", "--trace-sort", "BOOL",
                                 "Take times in any order: read the trace whole and sort it; default false"),
                           &Section::trace_sort),
      boolean_key<Section>(facts("skip_empty", "--skip-empty", "BOOL",
                                 "Leave out, and count, requests of a trace with 0 tokens either way; default false"),
                           &Section::skip_empty)};
}

std::vector<Key<Section>> arrival_keys() {
  const std::vector<std::string> open_only{"trace", "concurrency"};
  Key<Section> profile = numbers_key<double, Section>(
      facts("profile", "--profile", "LIST", "Relative rates over equal parts of a day, repeated; default: constant",
            open_only),
      &Section::profile, 0.0, kRateMost, kProfileParts, 2);
  profile.facts.example = "[1, 3, 2]";
  return {
      real_key<Section>(common(facts("rate", "--rate", "X",
                                     "Requests a second on average; a trace is sped up or slowed down to it; "
                                     "default 1, or the trace's")),
                        &Section::rate, kRateLeast, kRateMost),
      real_key<Section>(
          facts("rate_scale", "--rate-scale", "X", "Replay the trace so many times as fast; default 1", {"rate"}),
          &Section::rate_scale, kRateLeast, kRateMost),
      integer_key<Section>(common(facts("concurrency", "--concurrency", "N",
                                        "So many clients, each of which sends when its answer has come (closed loop)",
                                        {"rate", "rate_scale"})),
                           &Section::concurrency, 1, kConcurrencyMax),
      choice_key<workload::ArrivalKind, Section>(
          facts("arrivals", "--arrivals", "LAW", "Gaps between requests; default poisson", open_only),
          &Section::arrivals, {"poisson", "gamma", "weibull", "even", "at-once"}),
      real_key<Section>(facts("burstiness", "--burstiness", "X",
                              "gamma, weibull: standard deviation of gaps / their mean, 1 as Poisson (1/sqrt of what "
                              "vllm bench calls so)",
                              open_only),
                        &Section::burstiness, kBurstinessLeast, kBurstinessMost),
      std::move(profile)};
}

std::vector<Key<Section>> content_keys() {
  return {
      length_key<Section>(common(facts("input", "--input", "LENGTHS", "Prompt tokens; default 1024", {"trace"})),
                          &Section::input, true),
      length_key<Section>(common(facts("output", "--output", "LENGTHS", "Tokens to generate; default 256", {"trace"})),
                          &Section::output, true),
      length_key<Section>(
          facts("turns", "--turns", "LENGTHS",
                "Conversations of so many turns, each prompt all that was said and an input more; default 1",
                {"trace"}),
          &Section::turns, false),
      quantity_key<Seconds, Section>(
          facts("think", "--think", "TIME", "From an answer to the client's next request or turn; default 0"),
          &Section::think, Zero::kAllowed, kDay),
      integer_key<Section, std::int64_t>(
          common(facts("requests", "--num-requests", "N", "Requests in all; default 1,000, or all of the trace")),
          &Section::requests, 1, kRequestsMax),
      quantity_key<Seconds, Section>(
          facts("duration", "--duration", "TIME", "No request comes later; default: no limit"), &Section::duration,
          Zero::kRefused, kDay),
      integer_key<Section, std::uint32_t>(facts("seed", "--seed", "N", "Of every draw; default 1"), &Section::seed, 0,
                                          std::numeric_limits<std::uint32_t>::max())};
}

std::vector<Key<Section>> objective_keys() {
  return {quantity_key<Seconds, Section>(
              common(facts("slo_ttft", "--slo-ttft", "TIME", "Time to the first token, at most")), &Section::slo_ttft,
              Zero::kRefused, kDay),
          quantity_key<Seconds, Section>(
              common(facts("slo_tpot", "--slo-tpot", "TIME", "Time of each later token on average, at most")),
              &Section::slo_tpot, Zero::kRefused, kDay),
          quantity_key<Seconds, Section>(facts("slo_e2e", "--slo-e2e", "TIME", "Time to the last token, at most"),
                                         &Section::slo_e2e, Zero::kRefused, kDay),
          real_key<Section>(facts("slo_percentile", "--slo-percentile", "X",
                                  "Share of the requests that must keep the objectives; default 0.99"),
                            &Section::slo_percentile, 0.5, 0.99999)};
}

}  // namespace

std::vector<Key<Section>> requests_keys() {
  std::vector<Key<Section>> keys;
  for (auto&& part : {trace_keys(), arrival_keys(), content_keys(), objective_keys()}) {
    for (const Key<Section>& key : part) keys.push_back(noted(key));
  }
  return keys;
}

}  // namespace socle::scenario
