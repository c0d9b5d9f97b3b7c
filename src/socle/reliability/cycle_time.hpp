#pragma once

#include <cstdint>

#include "socle/base/feasible.hpp"
#include "socle/reliability/recovery.hpp"
#include "socle/reliability/time_parts.hpp"

namespace socle::reliability {

/// How a job writes: segments of useful work, every `per_store`-th of which ends on storage.
struct Intervals {
  double segment = 0;  ///< seconds of useful work between two copies
  std::int64_t per_store = 1;
  bool best = false;  ///< chosen here
  double store_interval() const { return segment * static_cast<double>(per_store); }
};

/// Those that the job gives, or the best at its mean rate.
Feasible<Intervals> choose_intervals(const Job& job);

/// Mean of the regimes' factors over the first `time` of the job; 1 without regimes.
double mean_factor(const Job& job, Seconds time);

/// Time for one second of useful work, part by part, at `factor` times the job's rates: `productive` is 1. Without
/// planned interruptions. Infeasible as `expected_goodput` says.
///
/// Storage alone, P = tau + d: a segment takes (exp(P / M) - 1) exp(u / M) / (rate * phi), where phi is the mean of
/// exp(-R / M) over the ways to recover. It follows from renewal at each failure; with one R it is Daly 2006.
/// Copies in memory: V[i], the time from i segments behind the last write to the next one, solves
/// V[i] = (1 - e) / rate + e V[i+1] + (1 - e) (G + q V[0] + (1 - q) V[i]), e = exp(-segment / M), q the chance that no
/// copy survives a failure and its recovery, G the mean time to recover.
Feasible<TimeParts> time_for_work(const Job& job, const Intervals& intervals, double factor);

}  // namespace socle::reliability
