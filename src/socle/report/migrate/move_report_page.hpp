#pragma once

#include <string>
#include <vector>

#include "socle/answer/migrate/move_report.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

std::string move_text(const answer::MoveReport& report);
/// Document of the schema "socle.migrate/1".
Json move_json(const answer::MoveReport& report, const std::vector<InputText>& inputs);
/// One HTML file with everything in it: no script, nothing fetched.
std::string move_html(const answer::MoveReport& report, const std::vector<InputText>& inputs);

/// "58.0 %"; "-" where there is nothing to cover.
std::string coverage_words(const std::optional<double>& coverage);

}  // namespace socle::report
