#pragma once

#include <string>
#include <vector>

#include "socle/answer/cost/cost.hpp"
#include "socle/base/json.hpp"
#include "socle/base/json_schema.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

std::string cost_text(const answer::CostResult& result);
Json cost_json(const answer::CostResult& result, const std::vector<InputText>& inputs);

/// How many chips to hold: a part of the above, empty or null where nothing is asked. `holding_rows`: its members.
std::string holding_text(const answer::CostResult& result);
Json holding_json(const answer::CostResult& result);
SchemaRows holding_rows();

/// A year's money of the way shown, line upon line.
std::string cost_waterfall_svg(const answer::CostResult& result);
/// What was paid so far, quarter by quarter, each way a line.
std::string cash_flow_svg(const answer::CostResult& result);
/// What each factor does to a useful chip-hour of the way shown.
std::string tornado_svg(const answer::CostResult& result);
/// Charges of the way shown by month and line, under the column names of FOCUS 1.0 (focus.finops.org). What was bought
/// is charged as a purchase in the month in which it is paid; the annuity is its effective cost. `start`: the first
/// month, counted from the year 0.
std::string focus_csv(const answer::CostResult& result, int start);

std::string cost_diff_text(const answer::CostDiffResult& result);
Json cost_diff_json(const answer::CostDiffResult& result, const std::vector<InputText>& inputs);

}  // namespace socle::report
