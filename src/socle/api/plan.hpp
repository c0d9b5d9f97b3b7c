#pragma once

#include <string>

#include "socle/answer/plan/plan.hpp"
#include "socle/api/request.hpp"

namespace socle::api {

using PlanAnswer = Answer<answer::PlanResult>;

/// What `socle plan` asks: every candidate of a scenario (or its one cluster) in its best layout, and which one to
/// take; those without a node count are sized. Throws InputError for bad input, and Cancelled once `progress` is
/// cancelled.
PlanAnswer plan(const catalog::Catalog& catalog, const Request& request, const answer::PlanOptions& options = {},
                Progress* progress = nullptr);

std::string text(const PlanAnswer& answer);
std::string json(const PlanAnswer& answer);

}  // namespace socle::api
