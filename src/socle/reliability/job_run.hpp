#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "socle/base/random.hpp"
#include "socle/reliability/cycle_time.hpp"
#include "socle/reliability/work_line.hpp"

namespace socle::reliability {

/// What a failure of one class does, made ready for millions of draws.
struct PreparedFailure {
  double until = 0;  // cumulative share of failures, for the draw
  double node_lost = 0, memory_lost = 0, memory_lost_again = 0;
  int nodes_hit = 1;
  double repair_median = 0, repair_sigma = 0;
  RecoveryPath paths[3];
};

struct PreparedJob {
  double rate = 0;  // per second, at factor 1
  std::vector<PreparedFailure> failures;
  WorkPlan work;
  bool memory = false;
  std::optional<SparePool> spares;
  double spare_rate = 0;  // of all spares together, while up
  std::vector<RateRegime> regimes;
  RateSpread spread;
  std::optional<Elastic> elastic;
  double planned = 0;
};

PreparedJob prepare(const Job& job, const Intervals& intervals);

/// One life of a job: where its time went, its time, and how often it was interrupted unexpectedly.
struct JobSample {
  TimeParts parts;
  double clock = 0;
  std::int64_t interruptions = 0;
};

/// Plays the job once. Depends on the stream and the number of the sample alone. Event-driven: the work is constant for
/// each failure, whatever the number of chips, checkpoints and hours.
JobSample play_job(const PreparedJob& job, const RandomStream& stream, std::uint64_t sample);

}  // namespace socle::reliability
