#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "socle/base/parallel_for.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/reliability/cycle_time.hpp"
#include "socle/reliability/goodput.hpp"
#include "socle/reliability/job_run.hpp"
#include "socle/reliability/sample_summary.hpp"

namespace socle::reliability {
namespace {

constexpr std::uint32_t kPurpose = 0x5249534b;
constexpr double kEventsMax = 3e8;

/// Samples may meet every rate of the spread and the regimes.
std::optional<Infeasible> refusal(const Job& job, const Intervals& intervals, double samples) {
  double worst = 1;
  for (const RateRegime& regime : job.regimes) worst = std::max(worst, regime.factor);
  for (const double factor : {job.spread.mode, worst * job.spread.high}) {
    const auto parts = time_for_work(job, intervals, factor);
    if (!parts) {
      Infeasible why = parts.why();
      if (factor != 1)
        why.detail += fmt::format(" (at {} times the rate, the end of its range)", format_number(factor));
      return why;
    }
    // Idle spares fail as often as nodes at work.
    const double spares = job.spares ? static_cast<double>(job.spares->size()) / static_cast<double>(job.nodes) : 0.0;
    const double events = (parts->sum() - parts->wait) * job.productive.value() *
                          interruption_rate(job.failures).value() * factor * samples * (1 + spares);
    if (events > kEventsMax)
      return Infeasible{
          "samples",
          fmt::format("{} failures would be played; at most {}", format_count(events), format_count(kEventsMax)),
          "ask for fewer samples or a shorter run"};
  }
  return std::nullopt;
}

}  // namespace

Feasible<SimulatedGoodput> simulate_goodput(const Job& job, const SimulationOptions& options) {
  const auto intervals = choose_intervals(job);
  if (!intervals) return intervals.why();
  if (auto why = refusal(job, *intervals, static_cast<double>(options.samples))) return *std::move(why);
  const PreparedJob ready = prepare(job, *intervals);
  const RandomStream stream(options.seed, kPurpose);
  std::vector<JobSample> samples(static_cast<std::size_t>(options.samples));
  constexpr std::size_t kBatch = 16;
  const std::size_t batches = (samples.size() + kBatch - 1) / kBatch;
  if (options.progress) options.progress->begin("playing the run", batches);
  parallel_for(
      batches, options.threads,
      [&](std::size_t batch) {
        const std::size_t end = std::min(samples.size(), (batch + 1) * kBatch);
        for (std::size_t i = batch * kBatch; i < end; ++i) samples[i] = play_job(ready, stream, i);
      },
      options.progress);
  return summary(samples);
}

}  // namespace socle::reliability
