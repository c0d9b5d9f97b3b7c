#pragma once

#include <optional>

#include "socle/answer/serve/planner.hpp"

namespace socle::answer {

/// What one replica of a side carries while the other side holds nothing up: prompts by their TTFT, with one token
/// each; decodes by their TPOT, the cache of each prompt at hand as its request comes. Requests a second as a multiple
/// of the stated load, as ServeBench::capacity; counts the runs. Requires: the work is deployed for the side.
std::optional<double> side_capacity(const Planner& planner, const PlanWork& work, const Objectives& objectives,
                                    PlanSide side, double start, int& runs);

}  // namespace socle::answer
