#pragma once

#include <string>
#include <vector>

#include "socle/answer/risk/serve_risk.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

/// For people: at most 100 columns.
std::string serve_risk_text(const answer::ServeRiskResult& result);
/// Schema `socle.risk.serve/1`.
Json serve_risk_json(const answer::ServeRiskResult& result, const std::vector<InputText>& inputs);
Json serve_risk_refusal_json(const Infeasible& why, const std::vector<InputText>& inputs);

}  // namespace socle::report
