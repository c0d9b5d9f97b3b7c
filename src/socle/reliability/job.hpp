#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/catalog/failure_fleet.hpp"

namespace socle::reliability {

using catalog::PerSecond;

/// How long a node is gone: lognormal, by median and mean, because a few repairs take most of the time. Equal figures
/// are a constant.
struct RepairLaw {
  Seconds median, mean;
};
/// Of all 584 repairs of the catalogue's stepfun-8gpu, for fleets that state none.
inline constexpr RepairLaw kUsualRepair{Seconds{20.4 * 3600}, Seconds{132.8 * 3600}};

/// One way in which a job is interrupted, its rate that of the whole job.
struct JobFailure {
  std::string name, group;
  PerSecond rate;
  double node_lost = 1.0;  ///< share of events that take nodes away until they are repaired
  int nodes_hit = 1;       ///< how many each
  Seconds unnoticed;       ///< work goes on, and is spoiled, for so long
  RepairLaw repair;
};

/// What happens between a failure and useful work. `schedule` and `image` are spared by a hot spare, all but `detect`,
/// `load` and `warm_up` by a restart in place.
struct RestartStages {
  Seconds detect, drain, schedule, image, load, warm_up;
};

/// Checkpoints in the memory of peers, beside those on storage.
struct MemoryCopies {
  std::optional<Seconds> interval;  ///< useful work between two; empty: the best
  Seconds blocking;                 ///< that the job stands still for one
  Seconds load;                     ///< in place of the stage `load`, while a copy survives
  bool peers_apart = true;          ///< both copies are never in one failure domain
};

struct Checkpoints {
  std::optional<Seconds> interval;  ///< useful work between two on storage; empty: the best
  Seconds blocking;                 ///< that the job stands still for one: all of it, or the copy out of the chips
  Seconds lag;                      ///< from then until it can be restored from: the upload in the background
  std::optional<MemoryCopies> memory;
};

/// Nodes beside those of the job. A hot one runs, with the image on it; a warm one is powered on.
struct SparePool {
  std::int64_t hot = 0, warm = 0;
  std::int64_t size() const { return hot + warm; }
};

/// Data-parallel replicas that go on without a failed one, which has lost nothing that the others do not have.
struct Elastic {
  std::int64_t replicas = 1;
  Seconds stall;  ///< of all, until the others go on
};

/// Interruptions that are meant: the job saves, stands still for `time`, and goes on.
struct Planned {
  PerSecond rate;
  Seconds time;
};

/// A time in which rates are `factor` times the usual: burn-in, a bad quarter. After the last one the usual holds.
struct RateRegime {
  Seconds duration;
  double factor = 1.0;
};

/// What is not known of the rate: log-triangular between the ends, 1 the rates as given.
struct RateSpread {
  double low = 1.0, mode = 1.0, high = 1.0;
  bool exact() const { return low == high; }
};
/// The quantile of its log-triangular law. Requires: 0 <= share <= 1.
double quantile_of(const RateSpread& spread, double share);

/// A training job as failures see it. Requires, of all who take one: nodes >= 1, productive > 0, times not negative,
/// everything finite.
struct Job {
  std::int64_t nodes = 1;
  Seconds productive;  ///< useful work: the run without failures and checkpoints
  std::vector<JobFailure> failures;
  Checkpoints checkpoints;
  RestartStages restart;
  std::optional<SparePool> spares;  ///< empty: there is always another node, after all stages
  std::optional<Elastic> elastic;
  Planned planned;
  std::vector<RateRegime> regimes;
  RateSpread spread;
};

/// How many parts of a job can fail.
struct JobParts {
  std::int64_t chips = 1, chips_per_node = 8;
  std::optional<std::int64_t> links;  ///< cables of the job's network; empty: classes by link are left out
};

/// The classes of a fleet scaled to a job. Classes by link are left out where the number of links is unknown, and
/// repairs that the fleet does not state take `unstated_repair`.
std::vector<JobFailure> job_failures(const catalog::FailureFleet& fleet, const JobParts& parts,
                                     const RepairLaw& unstated_repair);

/// One class: `per_node_day` events of each node in a day.
std::vector<JobFailure> node_failures(double per_node_day, std::int64_t nodes, const RepairLaw& repair);

/// Of all classes together.
PerSecond interruption_rate(const std::vector<JobFailure>& failures);
/// Mean time to interruption. Requires: a rate above zero.
Seconds mean_time_to_interruption(const std::vector<JobFailure>& failures);

/// A measured mean time to interruption that does not follow from the rates, by more than `kObservedRatio`: small and
/// mixed jobs end for causes that no rate of parts holds.
struct ObservedConflict {
  catalog::ObservedJob observed;
  Seconds predicted;  ///< by the rates, at the same number of chips
};
inline constexpr double kObservedRatio = 1.5;
std::vector<ObservedConflict> observed_conflicts(const catalog::FailureFleet& fleet);

/// Mean time to interruption by all causes, as measured in the fleet for jobs of so many chips: between two measured
/// sizes by a power law. Empty outside them, or where nothing was measured.
std::optional<Seconds> measured_time_to_interruption(const catalog::FailureFleet& fleet, std::int64_t chips);

}  // namespace socle::reliability
