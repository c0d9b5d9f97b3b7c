// Simulated requests a second: one replica of an 8B-class model on conversations, a mixture-of-experts model with
// attention data parallel, and what leaping over decode steps saves.
#include <benchmark/benchmark.h>

#include "socle/catalog/catalog.hpp"
#include "socle/machine/machine_builder.hpp"
#include "socle/serve/fleet.hpp"
#include "socle/serve/step_model.hpp"
#include "socle/serve/tally.hpp"
#include "socle/setup/model_catalog.hpp"
#include "socle/workload/length_text.hpp"
#include "socle/workload/synthetic_traffic.hpp"

namespace {

using namespace socle;

constexpr std::int64_t kRequests = 20'000;

struct Case {
  const char* model;
  const char* chip;
  workload::ServingLayout layout;
  double rate;
  std::int64_t blocks;
  bool leap = true;
};

void simulate(benchmark::State& state, const Case& c) {
  const catalog::Catalog catalog;
  const machine::MachineBuilder machines(catalog);
  const machine::Machine machine = machines.build({.chip = c.chip, .nic_per_chip = {}}, catalog::Stack{});
  const serve::Served served{
      .model = setup::load_model(catalog, c.model), .layout = c.layout, .formats = {}, .speculation = {}, .skew = 1.0};
  const serve::StepCosts costs(served, machine, machines.serving_kernels(c.chip));
  workload::OpenTraffic traffic{.arrivals = {.rate = c.rate}, .requests = kRequests};
  traffic.input = *workload::parse_length_law("lognormal 1155 1.0").value;  // as Azure's conversation trace of 2023
  traffic.output = *workload::parse_length_law("lognormal 211 0.8").value;
  serve::FleetRun run;
  for (auto _ : state) {
    workload::OpenSource source(traffic);
    serve::StepModel timer(costs, {.step = Seconds{3e-4}});
    serve::Tally tally;
    run = serve::run_fleet(source,
                           {.replica = {.limits = {.blocks = c.blocks, .max_sequences = 1024},
                                        .lanes = c.layout.data_parallel,
                                        .policy = serve::vllm_v1,
                                        .leap = c.leap},
                            .router = serve::round_robin},
                           timer, tally);
  }
  state.SetItemsProcessed(state.iterations() * kRequests);
  state.counters["steps"] = static_cast<double>(run.steps);
  state.counters["events"] = static_cast<double>(run.segments);
}

const Case kDense{"llama-3.1-8b", "h100-sxm", {}, 5.5, 28'000};
const Case kDenseStepping{"llama-3.1-8b", "h100-sxm", {}, 5.5, 28'000, false};
const Case kExperts{"deepseek-v3", "h200-sxm", {.data_parallel = 8, .expert_parallel = 8}, 10, 20'000};

BENCHMARK_CAPTURE(simulate, llama_3_1_8b_one_h100, kDense)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulate, the_same_step_by_step, kDenseStepping)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulate, deepseek_v3_eight_h200_dp_8, kExperts)->Unit(benchmark::kMillisecond);

}  // namespace
