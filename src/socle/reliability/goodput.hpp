#pragma once

#include <cstdint>

#include "socle/base/feasible.hpp"
#include "socle/base/progress.hpp"
#include "socle/reliability/job.hpp"
#include "socle/reliability/time_parts.hpp"

namespace socle::reliability {

/// What failures leave of a job's time, by closed form.
struct Goodput {
  Seconds mtti;              ///< at the middle rate, over the job's regimes; infinite without failures
  double effective = 0;      ///< useful work / time (ETTR)
  Seconds wall;              ///< to finish the job's work
  double interruptions = 0;  ///< unexpected ones, until then
  Seconds interval;          ///< useful work between two writes to storage, as given or best
  bool interval_best = false;
  Seconds memory_interval;  ///< between two copies in memory; zero without them
  Seconds restart;          ///< from a failure to useful work, mean over the classes, without waiting
  TimeParts shares;         ///< of the wall-clock time; they add up to 1
};

/// Expected figures. Exact (Poisson interruptions that hit work, writes and restarts) for checkpoints on storage,
/// synchronous or not, and in memory, restarts that differ by class, and regimes that are long beside an interval;
/// spares by the stationary law of machines under repair, an elastic job by its mean loss. The spread of the rate is
/// left to the simulation: the mode is taken. Infeasible, with reason and remedy, where the mean time to interruption
/// does not exceed the restart, where no interval can be best, and where an upload outlasts the interval.
Feasible<Goodput> expected_goodput(const Job& job);

/// The same job played many times.
struct SimulationOptions {
  std::int64_t samples = 4000;
  std::uint32_t seed = 1;
  unsigned threads = 0;  ///< 0: one for each hardware thread; the result is the same, bit for bit
  Progress* progress = nullptr;
};

/// Of one figure over the samples.
struct Quantiles {
  double p1 = 0, p10 = 0, p50 = 0, p90 = 0, p99 = 0;
};

struct SimulatedGoodput {
  std::int64_t samples = 0;
  double effective = 0;        ///< useful work of all samples / their time
  double effective_error = 0;  ///< standard error of it
  TimeParts shares;            ///< of all samples
  double interruptions = 0;    ///< mean
  Quantiles effective_quantiles;
  Quantiles wall;  ///< seconds to finish
  Quantiles interruption_quantiles;
  double balance_error = 0;       ///< the largest |parts - clock| / clock of any sample
  std::vector<float> effectives;  ///< of every sample, sorted, for pictures
};

/// Plays the job from its start, all spares up. A sample draws its rate from the spread. Infeasible as the closed form
/// is, and where the samples would have more than three hundred million failures.
Feasible<SimulatedGoodput> simulate_goodput(const Job& job, const SimulationOptions& options);

}  // namespace socle::reliability
