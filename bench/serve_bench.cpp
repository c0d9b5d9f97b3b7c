// Simulated requests a second of a deployment whose prompts are computed apart.
#include <string>

#include <benchmark/benchmark.h>

#include "socle/api/serve.hpp"

namespace {

using namespace socle;

constexpr int kRequests = 20'000;

// DeepSeek-V3 on 30 nodes of H800: 3 replicas of EP32 for prompts, one of EP144 decodes.
void disaggregated_moe(benchmark::State& state) {
  const catalog::Catalog catalog;
  const api::Request request{.flags = {{"--model", "deepseek-v3"},
                                       {"--chip", "h800"},
                                       {"--chips", "240"},
                                       {"--engine", "sglang"},
                                       {"--tp", "1"},
                                       {"--dp", "144"},
                                       {"--ep", "144"},
                                       {"--redundant-experts", "32"},
                                       {"--prefill-replicas", "3"},
                                       {"--prefill-dp", "32"},
                                       {"--prefill-ep", "32"},
                                       {"--decode-replicas", "1"},
                                       {"--dual-batch", "true"},
                                       {"--num-requests", std::to_string(kRequests)},
                                       {"--rate", "120"},
                                       {"--input", "lognormal 2000 0.5"},
                                       {"--output", "200-600"}}};
  for (auto _ : state) {
    const api::ServeAnswer answer = api::serve(catalog, request, {.curve = false});
    benchmark::DoNotOptimize(answer.result.figures.makespan);
  }
  state.SetItemsProcessed(state.iterations() * kRequests);
}

BENCHMARK(disaggregated_moe)->Unit(benchmark::kMillisecond);

}  // namespace
