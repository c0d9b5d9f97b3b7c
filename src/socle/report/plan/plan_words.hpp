#pragma once

#include <optional>
#include <string>

#include "socle/answer/plan/plan.hpp"

namespace socle::report {

/// The run built or colocated, whichever is cheaper; empty: unknown.
std::optional<Money> owned_cost(const search::PlannedOffer& offer);
/// The run rented on demand or reserved, whichever is cheaper; empty: unknown.
std::optional<Money> rented_cost(const search::PlannedOffer& offer);
/// The job in one line.
std::string plan_title(const answer::PlanResult& result);

}  // namespace socle::report
