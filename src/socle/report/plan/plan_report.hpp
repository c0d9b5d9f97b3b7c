#pragma once

#include <string>
#include <vector>

#include "socle/answer/plan/plan.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

/// Tables of at most 100 columns: offers, verdicts, the front as a picture, what would turn the decision.
std::string plan_text(const answer::PlanResult& result);
/// Schema `socle.plan/1`.
Json plan_json(const answer::PlanResult& result, const std::vector<InputText>& inputs);

}  // namespace socle::report
