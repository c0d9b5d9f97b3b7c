#pragma once

#include <array>
#include <vector>

#include "socle/reliability/job.hpp"

namespace socle::reliability {

/// Where the node comes from on which a job goes on.
enum class Replacement { kInPlace, kHotSpare, kOther };

/// One way from a failure back to useful work, in seconds; waiting for a repair, if any, comes before `replace`.
struct RecoveryPath {
  double unnoticed = 0, detect = 0;
  double drain = 0;    ///< none in place
  double replace = 0;  ///< schedule and image; none in place or on a hot spare
  double load = 0, load_from_memory = 0, warm_up = 0;

  double before_wait() const { return unnoticed + detect + drain; }
  double after_wait(bool memory) const { return replace + (memory ? load_from_memory : load) + warm_up; }
  double time(bool memory) const { return before_wait() + after_wait(memory); }
};

/// An elastic job stalls, and repairs its replica beside the others.
RecoveryPath recovery_path(const Job& job, const JobFailure& failure, Replacement replacement);

/// Probability that a failure of this class takes both copies of some pair of peers.
double memory_lost_share(const Job& job, const JobFailure& failure);
/// The same of a failure that comes while another is recovered from, whose nodes' peers hold the only copies.
double memory_lost_share_again(const Job& job, const JobFailure& failure);

/// A job's failures as the closed form takes them: each path with its share of all failures.
struct FailureMix {
  struct Item {
    double share = 0;
    RecoveryPath path;
  };
  double rate = 0;  ///< per second
  std::vector<Item> items;
  double memory_lost = 0, memory_lost_again = 0;
  double wait_share = 0;    ///< of all time, for repairs
  double nodes_down = 0;    ///< mean, nodes of the job and spares
  double replica_away = 0;  ///< mean time that an elastic job misses a replica for one failure

  /// Mean of exp(-rate * time) over the paths: the chance to recover undisturbed.
  double undisturbed(bool memory) const;
  double mean_time(bool memory) const;
};

/// At `factor` times the job's rates. Spares by their stationary distribution.
FailureMix failure_mix(const Job& job, double factor);

}  // namespace socle::reliability
