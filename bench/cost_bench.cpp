#include <benchmark/benchmark.h>

#include "socle/api/cost.hpp"
#include "socle/api/plan.hpp"
#include "socle/cost/uncertainty.hpp"

namespace socle {
namespace {

/// 10,000 draws of every way of having 1,024 nodes; the bar is 0.2 s.
void BM_MonteCarloOfCosts(benchmark::State& state) {
  const api::CostAnswer answer =
      api::cost(catalog::Catalog(), {.flags = {{"--cluster", "hgx-h100:1024"}, {"--region", "us"}}}, {.draws = "1"});
  for (auto _ : state)
    benchmark::DoNotOptimize(
        cost::monte_carlo(answer.result.setup.subject.plant, answer.result.setup.factors, 10'000, 1));
  state.counters["draws/s"] = benchmark::Counter(10'000, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_MonteCarloOfCosts)->Unit(benchmark::kMillisecond);

constexpr const char* kPlan = R"(
[model]
name = "llama-3-70b"
[training]
tokens = "2T"
sequence_length = 8192
global_batch = 1024
[[candidate]]
node = "hgx-h100"
nodes = 128
[[candidate]]
node = "hgx-h200"
[[candidate]]
node = "hgx-h800"
nodes = 128
rent = "14 CNY/chip-hour"
[[candidate]]
node = "gb200-nvl72"
nodes = 8
[[candidate]]
node = "atlas-800t-a2"
nodes = 256
[limits]
deadline = "90 days"
)";

/// Five candidates with layouts, costs, risks and 2,000 draws; the bar is 2 s.
void BM_PlanOfFiveCandidates(benchmark::State& state) {
  const catalog::Catalog catalog;
  for (auto _ : state)
    benchmark::DoNotOptimize(
        api::plan(catalog, {.scenario_text = kPlan, .scenario_name = "plan.toml"}, {.threads = 1}));
}
BENCHMARK(BM_PlanOfFiveCandidates)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace socle
