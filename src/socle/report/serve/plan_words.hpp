#pragma once

#include <string>

#include "socle/answer/serve/serve_plan.hpp"

namespace socle::report {

/// "20.8 USD/h".
std::string plan_cost_text(const answer::ServePlanResult& result, double cost);
/// "8 chips, 20.8 USD/h"; where chips are the goal, "8 chips".
std::string plan_chips_text(const answer::ServePlanResult& result, int chips, double cost);
/// "2 x h200-sxm, tp 2".
std::string plan_configuration(const answer::ServePlanResult& result, const answer::PlanEntry& e);
std::string plan_formats_text(const model::ServingFormats& formats);
/// How the whole fleet fares, and what a million output tokens cost.
std::string plan_figures_text(const answer::ServePlanResult& result, const answer::ServeFigures& f);
std::string plan_price_text(const answer::ServePlanResult& result, double cost, const answer::ServeFigures& f);

/// The fleet whose prompts are computed apart. Requires: one was found.
std::string apart_fleet_text(const answer::ServePlanResult& result);
/// Together and apart beside each other, and why the one that costs more does; empty unless both were asked for.
std::string apart_reason_text(const answer::ServePlanResult& result);
/// Configurations of either side; empty unless they were asked for.
std::string apart_counts_text(const answer::ServePlanResult& result);

}  // namespace socle::report
