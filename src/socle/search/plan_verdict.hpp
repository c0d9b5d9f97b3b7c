#pragma once

#include "socle/search/plan.hpp"

namespace socle::search {

/// Notes every limit that the offer breaks, with need and limit.
void apply_limits(const PlanLimits& limits, bool rented, PlannedOffer& offer);

/// Takes the way of having the machines that costs least among those that break no limit (all when every one does), and
/// with it the offer's cost in `currency`. Requires: the offer has money.
void take_way(const PlanLimits& limits, Currency currency, PlannedOffer& offer);

/// Finds the front, the winner and the runner-up, and words every verdict.
void judge(Plan& plan);

}  // namespace socle::search
