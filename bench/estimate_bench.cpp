#include <benchmark/benchmark.h>

#include "bench_setup.hpp"

namespace socle::bench {
namespace {

// One step of Llama 3.1 405B on 8,192 H100: tp 8, pp 16, 128 microbatches.
struct Setup {
  machine::Machine machine = machine_of("h100-sxm", "nemo-dgxc-25.04");
  model::Transformer model = model_named("llama-3.1-405b");
  workload::TrainingJob job{.sequence_length = 8192, .global_batch = 8192};
  workload::Layout layout{
      .tensor_parallel = 8, .sequence_parallel = true, .pipeline_parallel = 16, .data_parallel = 64};

  explicit Setup(bool interleaved) {
    if (!interleaved) return;
    layout.virtual_pipeline = 8;
    layout.schedule = workload::Schedule::kInterleaved;
  }
};

void cold(benchmark::State& state) {
  const Setup s(state.range(0) != 0);
  for (auto _ : state) {
    const train::CostSet costs = train::cost_set(s.model, s.job, s.layout, s.machine);
    benchmark::DoNotOptimize(
        train::assemble_step(s.model, s.job, s.layout, s.machine, costs, train::Fidelity::kClosedForm));
  }
}

void from_kept_costs(benchmark::State& state, train::Fidelity fidelity) {
  const Setup s(state.range(0) != 0);
  const train::CostSet costs = train::cost_set(s.model, s.job, s.layout, s.machine);
  for (auto _ : state)
    benchmark::DoNotOptimize(train::assemble_step(s.model, s.job, s.layout, s.machine, costs, fidelity));
}

void warm(benchmark::State& state) { from_kept_costs(state, train::Fidelity::kClosedForm); }
void replayed(benchmark::State& state) { from_kept_costs(state, train::Fidelity::kReplay); }

// The argument: 0 = 1F1B, 1 = interleaved with 8 chunks.
BENCHMARK(cold)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(warm)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(replayed)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace socle::bench
