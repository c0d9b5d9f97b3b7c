#pragma once

#include <vector>

#include "socle/answer/serve/planner.hpp"

namespace socle::answer {

/// The cheapest fleet whose prompts are computed apart from its decodes.
///
/// Each side is searched alone: what a replica carries while the other side holds nothing up, prompts by their TTFT and
/// decodes by their TPOT (`side_capacity`). So the ratio of the sides follows: whole replicas of either for the rate.
/// Sides of one vendor's chips and one format are put together, the least sum first, and run whole, all requests over
/// the NICs of the replicas; a replica is added to the side that breaks an objective while they do not hold, up to half
/// as many again. Requires: no stock. Adds the runs that it took.
ApartPlan plan_apart(const Planner& planner, const ServePlanResult& result, int& runs);

}  // namespace socle::answer
