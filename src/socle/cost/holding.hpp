#pragma once

#include <optional>
#include <vector>

namespace socle::cost {

/// One way that demand may turn out.
struct DemandCase {
  double share = 0;  ///< its probability; those of all cases add up to 1
  int chips = 0;     ///< that have work
};

/// How many chips to hold before it is known how many will have work; what is missing then is rented by the hour.
struct HoldingQuestion {
  std::vector<DemandCase> demand;
  /// Money of a chip and year: held without work, held and at work, rented on demand for the same work.
  double idle = 0, at_work = 0, rented = 0;
  int unit = 1;                    ///< chips are held in whole nodes of so many
  std::optional<double> budget{};  ///< most that a year of what is held may cost without work; empty: none
};

/// What one case comes to once the holding is decided.
struct HoldingOutcome {
  DemandCase demand;
  int at_work = 0, idle = 0;  ///< of those that are held
  int rented = 0;
  double cost = 0;  ///< of the year
};

/// A decision in two stages, with what it is worth to know more.
struct Holding {
  int held = 0;
  double cost = 0;           ///< expected, of a year
  double worst_tenth = 0;    ///< mean of the worst tenth of the cases
  double known_demand = 0;   ///< expected, if each case were known before holding (wait and see)
  int held_for_mean = 0;     ///< by who plans for the mean demand as if it were sure
  double cost_for_mean = 0;  ///< expected, of that
  /// By how much the expected cost falls for each unit of money that the budget grows, to the next node; empty: there
  /// is no budget. 0: it does not bind.
  std::optional<double> budget_worth{};
  std::vector<HoldingOutcome> outcomes{};

  double knowing_saves() const { return cost - known_demand; }    ///< expected value of perfect information
  double planning_saves() const { return cost_for_mean - cost; }  ///< value of the stochastic solution
};

/// cost(x, d) = idle x + (at_work - idle) min(x, d) + rented max(0, d - x), the least expected over x in whole nodes.
/// It is linear in x between the demands, so that the nodes at and around them are all that need looking at: exact.
/// known_demand <= cost <= cost_for_mean. Requires: shares that add up to 1, money and chips that are not negative,
/// unit >= 1.
Holding decide_holding(const HoldingQuestion& question);

}  // namespace socle::cost
