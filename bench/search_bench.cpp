#include <benchmark/benchmark.h>

#include "bench_setup.hpp"
#include "socle/search/layout_search.hpp"

namespace socle::bench {
namespace {

struct Problem {
  const char* model;
  const char* chip;
  const char* stack;
  int chips, sequence_length, global_batch;
  bool all_overlaps, wide;
};

// One thread. Layouts considered include those cut by bounds.
void search(benchmark::State& state, const Problem& problem) {
  const machine::Machine machine = machine_of(problem.chip, problem.stack);
  const model::Transformer model = model_named(problem.model);
  const workload::TrainingJob job{.sequence_length = problem.sequence_length, .global_batch = problem.global_batch};
  const search::SearchOptions options{.all_overlaps = problem.all_overlaps, .wide = problem.wide, .threads = 1};
  search::SearchCounts counts;
  double considered = 0;
  for (auto _ : state) {
    const auto found = search::search_layouts(model, job, {}, machine, problem.chips, options);
    if (!found) {
      state.SkipWithError(found.why().detail.c_str());
      return;
    }
    counts = found->counts;
    considered += static_cast<double>(counts.considered);
  }
  state.counters["considered"] = static_cast<double>(counts.considered);
  state.counters["considered/s"] = benchmark::Counter(considered, benchmark::Counter::kIsRate);
  // The other spaces do not look below groups that a bound cuts.
  if (problem.wide) state.counters["distinct"] = static_cast<double>(counts.considered - counts.cut_divisibility);
  state.counters["estimated"] = static_cast<double>(counts.estimated);
}

BENCHMARK_CAPTURE(search, gpt3_175b_on_512_a100_all_overlaps,
                  Problem{"gpt-3-175b", "a100-sxm-80gb", "megatron-lm-2022", 512, 2048, 3072, true, false})
    ->Unit(benchmark::kMillisecond);
// Beside Calculon's grid for the same job, 6,582,816 candidates with a batch of 512: docs/design/search.md compares the
// axes.
BENCHMARK_CAPTURE(search, gpt3_175b_on_512_a100_wide,
                  Problem{"gpt-3-175b", "a100-sxm-80gb", "megatron-lm-2022", 512, 2048, 512, true, true})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, llama_405b_on_16384_h100,
                  Problem{"llama-3.1-405b", "h100-sxm", "nemo-dgxc-25.04", 16384, 8192, 2048, false, false})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, deepseek_v3_on_2048_h800,
                  Problem{"deepseek-v3", "h800", "megatron-core-2025", 2048, 4096, 15360, false, false})
    ->Unit(benchmark::kMillisecond);
// With every set of recompute modules, as above, and every overlap free.
BENCHMARK_CAPTURE(search, deepseek_v3_on_2048_h800_all_overlaps,
                  Problem{"deepseek-v3", "h800", "megatron-core-2025", 2048, 4096, 15360, true, false})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace socle::bench
