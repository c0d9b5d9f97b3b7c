#include <benchmark/benchmark.h>

#include "bench_setup.hpp"

namespace socle::bench {
namespace {

using model::Recipe;

// One GEMM inside the measured grid.
void gemm_inside_the_grid(benchmark::State& state) {
  const machine::Machine machine = machine_of("h100-sxm", "nemo-dgxc-25.04");
  double m = 4096;
  for (auto _ : state) {
    m = m > 8000 ? 4096 : m + 1;
    benchmark::DoNotOptimize(machine.kernels().gemm_time({.m = m, .n = 5120, .k = 4096}, Recipe::kBf16));
  }
}

// The same by the shape model: a chip that was not measured.
void gemm_by_the_shape_model(benchmark::State& state) {
  const machine::Machine machine = machine_of("ascend-910b3", "mindspeed-2024");
  double m = 4096;
  for (auto _ : state) {
    m = m > 8000 ? 4096 : m + 1;
    benchmark::DoNotOptimize(machine.kernels().gemm_time({.m = m, .n = 5120, .k = 4096}, Recipe::kBf16));
  }
}

void attention(benchmark::State& state) {
  const machine::Machine machine = machine_of("h100-sxm", "nemo-dgxc-25.04");
  const kernel::AttentionShape shape{.q_heads = 16, .kv_heads = 2, .head_dim = 128, .seq_q = 8192, .seq_kv = 8192};
  for (auto _ : state) benchmark::DoNotOptimize(machine.kernels().attention_time(shape));
}

void all_reduce_across_nodes(benchmark::State& state) {
  const machine::Machine machine = machine_of("h100-sxm", "nemo-dgxc-25.04");
  const comm::Footprint group{.ranks = 512, .per_domain = 8, .domains = 64};
  for (auto _ : state)
    benchmark::DoNotOptimize(machine.network().collective_time(graph::Collective::kAllReduce, group, 1_GB));
}

BENCHMARK(gemm_inside_the_grid);
BENCHMARK(gemm_by_the_shape_model);
BENCHMARK(attention);
BENCHMARK(all_reduce_across_nodes);

}  // namespace
}  // namespace socle::bench
