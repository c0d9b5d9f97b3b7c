#pragma once

#include <string>
#include <vector>

#include "socle/answer/risk/operations.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

/// For people: at most 100 columns.
std::string rollout_text(const answer::RolloutResult& result);
/// Schema `socle.risk.rollout/1`.
Json rollout_json(const answer::RolloutResult& result, const std::vector<InputText>& inputs);

std::string incident_text(const answer::IncidentResult& result);
/// Schema `socle.risk.incident/1`.
Json incident_json(const answer::IncidentResult& result, const std::vector<InputText>& inputs);

}  // namespace socle::report
