#pragma once

#include <string>
#include <vector>

#include "socle/answer/validate/validation_rows.hpp"
#include "socle/base/json.hpp"

namespace socle::report {

/// Why cases were not predicted, most frequent first: lines for people.
std::string reasons_text(const std::vector<const answer::ValidationRow*>& rows);
Json reasons_json(const std::vector<const answer::ValidationRow*>& rows);

/// A table of at most 100 columns; groups without cases are left out.
std::string summary_table(const std::vector<answer::ErrorSummary>& summaries);
Json summary_json(const std::vector<answer::ErrorSummary>& summaries);

}  // namespace socle::report
