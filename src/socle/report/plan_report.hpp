#pragma once

#include <string>
#include <vector>

#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"
#include "socle/search/plan.hpp"

namespace socle::report {

/// A plan with what it was asked and assumed.
struct PlanReport {
  std::string title;                       ///< model, tokens, batch
  search::Plan plan;
  std::vector<std::string> assumptions;
  std::vector<std::string> doubts;
};

/// Tables of at most 100 columns: offers, verdicts, the front as a picture, what would turn the decision.
std::string plan_text(const PlanReport& report);
Json plan_json(const PlanReport& report, std::string_view command, const std::vector<InputText>& inputs);

}  // namespace socle::report
