#pragma once

#include <string>

#include "socle/base/json.hpp"
#include "socle/migrate/judgement.hpp"

namespace socle::report {

/// "go", "go with work", "no-go".
const char* decision_words(migrate::Decision decision);
/// "days (about 12 h)"; "none".
std::string effort_words(migrate::Effort effort, double hours);
/// Null where the text is empty.
Json text_or_null(const std::string& text);

}  // namespace socle::report
