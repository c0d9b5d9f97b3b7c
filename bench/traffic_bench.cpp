// Traffic must not be what a simulation waits for: lines of traces and synthetic requests a second.
#include <memory>
#include <sstream>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "socle/workload/conversations.hpp"
#include "socle/workload/length_text.hpp"
#include "socle/workload/trace_source.hpp"

namespace {

using namespace socle;
using namespace socle::workload;

constexpr int kLines = 50'000;

std::string csv_text() {
  std::string text = "arrival_s,input_tokens,output_tokens\n";
  for (int i = 0; i < kLines; ++i) text += fmt::format("{:.6f},{},{}\n", i * 0.19, 1 + i % 4000, 1 + i % 500);
  return text;
}

std::string azure_text() {
  std::string text = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
  for (int i = 0; i < kLines; ++i)
    text += fmt::format("2023-11-16 {:02}:{:02}:{:02}.9799600,{},{}\n", i / 3600, i / 60 % 60, i % 60, 1 + i % 4000, 9);
  return text;
}

// Prompts of 12,000 tokens on average, as in the conversation trace.
std::string mooncake_text() {
  std::string text;
  for (int i = 0; i < kLines; ++i) {
    const int blocks = 1 + i % 46;
    text += fmt::format("{{\"timestamp\": {}, \"input_length\": {}, \"output_length\": 300, \"hash_ids\": [0", i,
                        blocks * 512);
    for (int block = 1; block < blocks; ++block) text += fmt::format(", {}", i * 10 + block);
    text += "]}\n";
  }
  return text;
}

void read_trace(benchmark::State& state, const std::string& text) {
  for (auto _ : state) {
    TraceSource source(std::make_unique<std::istringstream>(text), "bench", {}, {});
    std::int64_t tokens = 0;
    while (const auto request = source.next()) tokens += request->input;
    benchmark::DoNotOptimize(tokens);
  }
  state.SetItemsProcessed(state.iterations() * kLines);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void draw_requests(benchmark::State& state, ArrivalKind kind) {
  OpenTraffic traffic{.arrivals = {.kind = kind, .variation = 3}, .requests = kLines};
  traffic.input = *parse_length_law("lognormal 1024 0.5").value;
  traffic.output = *parse_length_law("100-300").value;
  for (auto _ : state) {
    OpenSource source(traffic);
    std::int64_t tokens = 0;
    while (const auto request = source.next()) tokens += request->input;
    benchmark::DoNotOptimize(tokens);
  }
  state.SetItemsProcessed(state.iterations() * kLines);
}

BENCHMARK_CAPTURE(read_trace, csv, csv_text())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_trace, azure, azure_text())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_trace, mooncake, mooncake_text())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(draw_requests, poisson, ArrivalKind::kPoisson)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(draw_requests, gamma, ArrivalKind::kGamma)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(draw_requests, weibull, ArrivalKind::kWeibull)->Unit(benchmark::kMillisecond);

}  // namespace
