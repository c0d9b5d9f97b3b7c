#include <benchmark/benchmark.h>

#include "socle/answer/validate/validate_training.hpp"
#include "socle/base/file_io.hpp"

namespace socle::bench {
namespace {

// Every published run, reading included; run from the root of the sources.
void validate(benchmark::State& state) {
  const catalog::Catalog catalog;
  const std::string path = "validation/training.csv";
  const std::string text = read_file(path);
  double cases = 0;
  for (auto _ : state) {
    const CsvTable table = parse_csv(text, path);
    benchmark::DoNotOptimize(answer::validate_training(catalog, table, static_cast<unsigned>(state.range(0))));
    cases += static_cast<double>(table.rows());
  }
  state.counters["cases/s"] = benchmark::Counter(cases, benchmark::Counter::kIsRate);
}

// The argument: threads.
BENCHMARK(validate)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace socle::bench
