#include <algorithm>

#include <benchmark/benchmark.h>

#include "socle/answer/migrate/code_migration.hpp"
#include "socle/api/migrate_move.hpp"
#include "socle/base/file_io.hpp"

namespace socle::bench {
namespace {

// The example's source, over and over, names looked up in the whole fact pack; run from the root of the sources.
void scan_cuda(benchmark::State& state) {
  const catalog::Catalog catalog;
  const std::string one = read_file("examples/migrate-cuda/mean.cu");
  std::string source;
  while (source.size() < (std::size_t{1} << 22)) source += one;
  answer::CodeReader reader(catalog, {}, {}, std::nullopt);
  for (auto _ : state) reader.read("mean.cu", source);
  const auto lines = static_cast<double>(std::count(source.begin(), source.end(), '\n'));
  state.counters["lines/s"] =
      benchmark::Counter(lines * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.SetBytesProcessed(static_cast<std::int64_t>(source.size()) * state.iterations());
}

BENCHMARK(scan_cuda)->Unit(benchmark::kMillisecond);

// Reading the fact pack, which every run does once.
void read_names(benchmark::State& state) {
  const catalog::Catalog catalog;
  for (auto _ : state) benchmark::DoNotOptimize(answer::migration_platforms(catalog));
}

BENCHMARK(read_names)->Unit(benchmark::kMillisecond);

// A whole report: DeepSeek-R1 on three kinds of chips and a tree of sources, planned, priced and written as a page.
void move_everything(benchmark::State& state) {
  const catalog::Catalog catalog;
  const api::MoveRequest request{.inputs = {"examples/migrate-serving/r1-h200.sh", "examples/migrate-cuda"},
                                 .from = "h200-sxm",
                                 .to = "ascend-910c,h20,mi300x",
                                 .read_file = [](const std::string& path) { return read_file(path); }};
  for (auto _ : state) benchmark::DoNotOptimize(api::html(api::migrate(catalog, request)));
}

BENCHMARK(move_everything)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace socle::bench
