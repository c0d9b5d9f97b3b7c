#include <benchmark/benchmark.h>

#include "../tests/support/onnx_writer.hpp"
#include "socle/answer/migrate/onnx_migration.hpp"
#include "socle/base/file_io.hpp"

namespace socle::bench {
namespace {

using namespace socle::test;

const answer::OnnxTables& tables() {
  static const catalog::Catalog catalog;
  static const auto made = answer::onnx_tables(catalog, {}, {});
  return *made;
}

// A small model, read and judged on every backend.
void judge_example(benchmark::State& state) {
  const std::string bytes = read_file("examples/migrate-onnx/text.onnx");
  const auto backends = answer::onnx_backends(tables(), "all");
  for (auto _ : state)
    benchmark::DoNotOptimize(answer::migrate_onnx_file(tables(), backends, {"text.onnx", bytes}, {}));
  state.counters["models/s"] = benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

BENCHMARK(judge_example)->Unit(benchmark::kMicrosecond);

// A model of a language model's size: 80 layers of 40 nodes, 10 GB of weights in a file beside it.
void judge_large(benchmark::State& state) {
  GraphParts parts{.inputs = {value("v0", kFloat, {"batch", "time", "8192"})}};
  for (int i = 0; i < 80 * 40; ++i) {
    const std::string from = "v" + std::to_string(i), to = "v" + std::to_string(i + 1),
                      weight = "w" + std::to_string(i);
    const bool product = i % 8 == 0;
    parts.nodes.push_back(product ? node("MatMul", {from, weight}, {to})
                                  : node(i % 2 ? "Add" : "Mul", {from, from}, {to}));
    if (product)
      parts.initializers.push_back(external_weights(
          weight, {8192, 768}, {{"location", "weights.bin"}, {"offset", std::to_string(i / 8 * 25165824LL)}}));
  }
  const std::string bytes = model(graph(parts), 17);
  const auto backends = answer::onnx_backends(tables(), "all");
  for (auto _ : state)
    benchmark::DoNotOptimize(answer::migrate_onnx_file(
        tables(), backends, {"large.onnx", bytes}, [](const std::string&) { return std::uint64_t{10'066'329'600}; }));
}

BENCHMARK(judge_large)->Unit(benchmark::kMillisecond);

// Reading the fact packs, which every run does once.
void read_packs(benchmark::State& state) {
  const catalog::Catalog catalog;
  for (auto _ : state) benchmark::DoNotOptimize(answer::onnx_tables(catalog, {}, {}));
}

BENCHMARK(read_packs)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace socle::bench
