// Simulated job-days a second, one thread: 16,384 chips for 54 days.
#include <benchmark/benchmark.h>

#include "socle/reliability/goodput.hpp"

namespace {

using namespace socle;
using namespace socle::reliability;

Job job_of(const char* fleet, bool spares) {
  const catalog::Catalog catalog;
  Job job;
  job.nodes = 2048;
  job.productive = Seconds{54 * 86400.0};
  job.failures = job_failures(catalog::load_failure_fleet(catalog, fleet),
                              {.chips = 16384, .chips_per_node = 8, .links = std::nullopt},
                              {Seconds{20 * 3600.0}, Seconds{130 * 3600.0}});
  job.checkpoints.blocking = Seconds{4};
  job.restart = {.detect = Seconds{60},
                 .drain = Seconds{30},
                 .schedule = Seconds{60},
                 .image = Seconds{60},
                 .load = Seconds{30},
                 .warm_up = Seconds{120}};
  if (spares) job.spares = SparePool{.hot = 64, .warm = 32};
  return job;
}

void play(benchmark::State& state, const char* fleet, bool spares) {
  const Job job = job_of(fleet, spares);
  double days = 0;
  for (auto _ : state) {
    const auto result = simulate_goodput(job, {.samples = 2000, .threads = 1});
    days += 2000 * job.productive.value() / result->effective / 86400;
  }
  state.counters["job_days"] = benchmark::Counter(days, benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(play, one_rate, "meta-rsc-2", false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(play, nine_classes, "pooled", false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(play, eighteen_classes, "llama-3-405b", false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(play, eighteen_classes_and_spares, "llama-3-405b", true)->Unit(benchmark::kMillisecond);

void closed_form(benchmark::State& state) {
  const Job job = job_of("pooled", true);
  for (auto _ : state) benchmark::DoNotOptimize(expected_goodput(job));
}
BENCHMARK(closed_form)->Unit(benchmark::kMicrosecond);

}  // namespace
