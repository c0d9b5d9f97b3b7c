#pragma once

#include "socle/search/plan.hpp"

namespace socle::search {

/// Notes every limit that the offer breaks, with need and limit.
void apply_limits(const PlanLimits& limits, bool rented, PlannedOffer& offer);

/// Finds the front, the winner and the runner-up, and words every verdict.
void judge(Plan& plan);

}  // namespace socle::search
