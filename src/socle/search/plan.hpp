#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/money.hpp"
#include "socle/search/layout_search.hpp"
#include "socle/search/limits.hpp"
#include "socle/search/plan_money.hpp"
#include "socle/search/stack_spread.hpp"

namespace socle::search {

struct PlannedOffer;

/// One cluster that could be bought or rented.
struct Offer {
  std::string name;
  machine::Machine machine;
  std::vector<catalog::Stack> plausible{};  ///< stacks that the job may run on when none is stated; empty otherwise
  std::optional<workload::PartialLayout> layout{};  ///< with what its stack cannot split along; empty: the plan's
  int chips_per_node = 8;
  std::optional<int> nodes;  ///< empty: the smallest number that meets the deadline
  Watts power_per_node{};    ///< rated; 0 = unknown
  std::optional<Money> rent_per_chip_hour;
  std::optional<Money> price_per_node;
  std::optional<OfferCosts> costs{};  ///< for the true cost of the run; empty: rent or price alone are compared
  /// Share of the time that failures leave of the offer in its layout, as a factor of its costs; empty: that of
  /// `costs`.
  std::function<Feasible<cost::Factor>(const PlannedOffer&)> goodput{};
};

/// One offer with its best layout, or why it has none.
struct PlannedOffer {
  std::string name;
  int nodes = 0;
  int chips = 0;
  std::optional<RankedLayout> best{};
  SearchCounts counts{};
  std::string infeasible{};              ///< reason and remedy when nothing fits
  Seconds run{};                         ///< all tokens, without failures
  double range_low = 1, range_high = 1;  ///< bounds of measured / predicted step time
  std::string stack{};                   ///< slug, of what the layout was found on
  std::optional<StackSpread> stacks{};   ///< where no stack is stated
  Watts power{};                         ///< rated, all nodes; 0 = unknown
  Joules energy{};                       ///< of the run at rated power
  std::optional<Money> cost{};           ///< of the run, in the plan's currency
  std::string cost_basis{};
  std::optional<OfferMoney> money{};    ///< what the cost rests on; empty without OfferCosts
  std::optional<Money> capex{};         ///< of all nodes when bought, in the plan's currency
  std::vector<std::string> broken{};    ///< limits that it breaks, with the figures
  std::vector<std::string> unjudged{};  ///< limits that a missing fact leaves unjudged
  bool on_front = false;                ///< no other offer within limits is better in time, money and energy at once
  std::string verdict{};                ///< why it wins, or why it loses
};

struct Plan {
  std::vector<PlannedOffer> offers;   ///< in the order given
  std::optional<std::size_t> winner;  ///< cheapest on the front, or fastest when a cost is unknown
  std::optional<std::size_t> runner_up;
  std::vector<std::string> turns;  ///< what would have to change for the runner-up to win
  bool by_cost = false;            ///< what the winner wins by
};

/// Adds for each offer whose stack is not stated which was taken, and what others would do to its step.
void note_stacks(const std::vector<PlannedOffer>& offers, std::vector<std::string>& assumptions);

/// How long an offer takes to finish: failures included where they are reckoned.
Seconds finish_of(const PlannedOffer& offer);

/// Evaluates every offer, sizes those without a node count, applies the limits, finds the Pareto front of time, money
/// and energy, and says why each loser lost. All money must be in one currency. Deterministic for any number of
/// threads. Throws Cancelled.
Plan plan(const model::Transformer& model, const workload::TrainingJob& job, const workload::PartialLayout& layout,
          const std::vector<Offer>& offers, const PlanLimits& limits, unsigned threads, Progress* progress = nullptr);

}  // namespace socle::search
