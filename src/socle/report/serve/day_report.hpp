#pragma once

#include <string>
#include <vector>

#include "socle/answer/serve/serve_day.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

std::string serve_day_text(const answer::DayResult& result);
/// Document of the schema "socle.serve.day/1".
Json serve_day_json(const answer::DayResult& result, const std::vector<InputText>& inputs);
/// Chips of every deployment over the day, what they hold together, and the pool.
std::string day_svg(const answer::DayResult& result);

}  // namespace socle::report
