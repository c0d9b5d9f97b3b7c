#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/base/money.hpp"
#include "socle/train/step.hpp"

namespace socle::search {

/// What a run must keep within.
struct PlanLimits {
  std::optional<Money> capex, opex;  ///< opex: the whole run's rent
  std::optional<Watts> power;
  std::optional<Seconds> deadline;
  std::optional<int> chips;
  std::optional<double> memory_headroom;
};

/// Chips up to which an offer without a number of nodes is sized: the limit's, or the largest clusters built so far.
inline int sized_chips_max(const PlanLimits& limits) { return limits.chips.value_or(131'072); }

/// A cluster as it is paid for and fed.
struct Holding {
  int chips = 0;
  Watts power{};  ///< rated, all nodes; 0 = unknown
  std::optional<Money> rent_per_chip_hour;
  std::optional<Money> price;  ///< of all nodes
};

/// What a whole run on a cluster comes to.
struct RunFigures {
  int chips = 0;
  bool rented = false;
  Seconds run{};               ///< all tokens, without failures; 0 = the tokens are not stated
  Watts power{};               ///< rated; 0 = unknown
  Joules energy{};             ///< of the run at rated power
  std::optional<Money> capex;  ///< of all nodes when bought
  std::optional<Money> cost;   ///< of the run
  std::string cost_basis;
};

/// Length, energy and money of a run of `job` in steps like this one.
RunFigures run_figures(const workload::TrainingJob& job, const train::StepResult& step, const Holding& holding);

/// Every limit that the run breaks, with need, limit and by how much. Requires: money of both in one currency.
/// Memory headroom is judged where layouts are estimated, not here.
std::vector<std::string> broken_limits(const PlanLimits& limits, const RunFigures& figures);

/// Every limit that is set but cannot be judged, with the fact that is missing.
std::vector<std::string> unjudged_limits(const PlanLimits& limits, const RunFigures& figures);

}  // namespace socle::search
