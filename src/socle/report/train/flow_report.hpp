#pragma once

#include <string>

#include "socle/answer/train/train_result.hpp"
#include "socle/base/json.hpp"

namespace socle::report {

/// What the flow simulation found, for people: at most 100 columns.
std::string flow_text(const answer::FlowOutcome& outcome);
Json flow_json(const answer::FlowOutcome& outcome);

}  // namespace socle::report
