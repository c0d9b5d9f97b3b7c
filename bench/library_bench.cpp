// Collectives as a library runs them on 64 hosts of eight H100: setup, routing, simulation and the full answer, on one
// thread.
#include <benchmark/benchmark.h>

#include "socle/answer/fabric/simulate.hpp"
#include "socle/setup/simulate_setup.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::bench {
namespace {

void library_call(benchmark::State& state, const char* traffic, const char* routing) {
  const catalog::Catalog catalog;
  const scenario::Flags flags{
      {"--cluster", "hgx-h100:64"}, {"--traffic", traffic}, {"--bytes", "1 GB"}, {"--routing", routing}};
  const scenario::Scenario scenario = setup::read_scenario("", "", flags, scenario::Question::kSimulate);
  Seconds time{};
  for (auto _ : state) {
    Progress unwatched;
    const answer::SimulateResult result = answer::simulate_fabric(
        setup::set_up_simulate(catalog, scenario, [](const std::string&) { return std::string(); }), {.threads = 1},
        unwatched);
    time = result.completion_time();
    benchmark::ClobberMemory();
  }
  state.counters["completion_ms"] = time.value() * 1e3;
}

BENCHMARK_CAPTURE(library_call, all_reduce_64_hosts, "all-reduce", "deterministic")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(library_call, all_reduce_64_hosts_hashed, "all-reduce", "hashed")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(library_call, all_gather_64_hosts, "all-gather", "deterministic")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(library_call, all_to_all_64_hosts, "all-to-all", "deterministic")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(library_call, all_to_all_64_hosts_hashed, "all-to-all", "hashed")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace socle::bench
