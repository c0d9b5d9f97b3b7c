#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/answer/risk/storage_need.hpp"
#include "socle/base/feasible.hpp"
#include "socle/base/progress.hpp"
#include "socle/reliability/closed_form.hpp"
#include "socle/reliability/trace_statistics.hpp"

namespace socle::answer {

/// Useful share of the time by the interval between two writes to storage.
struct IntervalPoint {
  Seconds interval;
  double effective = 0;
};

/// Nodes that are down together, over time: so many spares leave the job whole for that share of it.
struct SpareNeed {
  double level = 0;               ///< 0.5, 0.9, 0.99, 0.999
  std::int64_t nodes = 0;         ///< over burn-in and the range of the rate
  std::int64_t at_mean_rate = 0;  ///< what a constant rate at its mode would say
};

/// Money of the hours that are not useful.
struct LostMoney {
  Money per_hour;
  bool stated = false;  ///< else from the rent
  Money expected, p90, p99;
};

/// A recorded trace, and the job on it.
struct TraceReplay {
  std::string name;
  reliability::TraceStatistics statistics;
  Feasible<reliability::SimulatedGoodput> goodput = Infeasible{};
};

/// What the forms that people know say at the mean time to interruption and the mean restart, for one kind of failure.
struct Textbook {
  Seconds young, daly, exact;          ///< best useful work between two writes
  double effective = 0;                ///< exact share, at the interval taken
  Feasible<double> meta, first_order;  ///< at the same; refused out of their ranges
};

struct RiskResult {
  JobFacts facts;
  setup::RiskSetup setup;
  RiskJob job;
  reliability::Goodput expected;
  reliability::SimulatedGoodput simulated;
  std::optional<Textbook> textbook;  ///< of jobs that stand still for checkpoints on storage
  std::vector<IntervalPoint> curve;  ///< ascending; empty for an elastic job
  std::vector<SpareNeed> spares;
  StorageNeed storage;
  std::optional<LostMoney> lost;
  std::optional<TraceReplay> replay;
  std::vector<std::string> assumptions, doubts;
};

struct RiskOptions {
  unsigned threads = 0;
};

/// What `socle risk` asks. Infeasible where no figure would mean anything, with the reason. Throws InputError,
/// Cancelled.
Feasible<RiskResult> risk(setup::RiskSetup setup, JobFacts facts, const std::string& source, const RiskOptions& options,
                          Progress* progress = nullptr);

}  // namespace socle::answer
