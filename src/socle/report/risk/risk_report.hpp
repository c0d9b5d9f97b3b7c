#pragma once

#include <string>
#include <vector>

#include "socle/answer/risk/cuts.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

/// For people: at most 100 columns.
std::string risk_text(const answer::RiskResult& result, const std::vector<answer::CutOutcome>& cuts);
/// Schema `socle.risk/1`.
Json risk_json(const answer::RiskResult& result, const std::vector<answer::CutOutcome>& cuts,
               const std::vector<InputText>& inputs);

/// Why there is no figure: the reason, and what would change it.
std::string risk_refusal_text(const Infeasible& why);
Json risk_refusal_json(const Infeasible& why, const std::vector<InputText>& inputs);

/// Where the time goes; the distribution of the useful share over runs; the useful share by checkpoint interval.
std::string risk_svg(const answer::RiskResult& result);

}  // namespace socle::report
