#include "socle/setup/serve_day_setup.hpp"

#include <utility>

#include "socle/base/error.hpp"
#include "socle/setup/adapter_setup.hpp"

namespace socle::setup {
namespace {

constexpr Seconds kDay{86400.0};
constexpr std::int64_t kFlatRequests = 4000;

void check(const ServeSimulationSetup& setup, const std::string& source) {
  Problems problems;
  const auto refuse = [&](const char* key, std::string text) { problems.add({source, 0, 0, key, std::move(text)}); };
  if (!(setup.requests.offered_rate > 0))
    refuse("requests", "a day needs a rate of requests: write rate, or a trace; a closed loop sets its own");
  if (!setup.requests.has_objectives())
    refuse("requests", "a day needs objectives, which say what a replica carries: slo_ttft, slo_tpot or slo_e2e");
  if (setup.prefill)
    refuse("serving.prefill_replicas", "replicas that start and stop do both; leave prefill_replicas out");
  problems.throw_if_any();
}

}  // namespace

ServeDaySetup set_up_serve_day(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                               const std::optional<std::string>& config, const FileReader& read_file,
                               const FileOpener& open) {
  scenario::Scenario day = scenario;
  scenario::RequestsSection& requests = day.requests;
  const bool a_day = requests.trace.empty() && !requests.requests && !requests.duration && !requests.concurrency;
  if (a_day) requests.duration = kDay;
  ServeDaySetup setup;
  setup.serving = set_up_serve_simulation(catalog, day, config, read_file, open);
  check(setup.serving, scenario.source);
  if (a_day) setup.serving.serve.assumptions.push_back("The time is not stated: one day.");
  requests.profile.clear();
  requests.duration.reset();
  requests.requests = kFlatRequests;
  setup.flat = set_up_requests(day, read_file, open, setup.serving.serve.max_model_len);
  give_adapters(day, setup.serving.serve, setup.flat);
  return setup;
}

}  // namespace socle::setup
