#pragma once

#include <string>
#include <vector>

#include "socle/answer/serve/serve_plan.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

std::string serve_plan_text(const answer::ServePlanResult& result);
/// Document of the schema "socle.serve.plan/1".
Json serve_plan_json(const answer::ServePlanResult& result, const std::vector<InputText>& inputs);

}  // namespace socle::report
