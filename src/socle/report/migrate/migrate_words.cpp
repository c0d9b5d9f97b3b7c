#include "socle/report/migrate/migrate_words.hpp"

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"

namespace socle::report {

const char* decision_words(migrate::Decision decision) {
  return decision == migrate::Decision::kGo ? "go" : decision == migrate::Decision::kNoGo ? "no-go" : "go with work";
}

std::string effort_words(migrate::Effort effort, double hours) {
  if (effort == migrate::Effort::kNone) return "none";
  return fmt::format("{} (about {} h)", migrate::effort_key(effort), format_count(hours));
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

}  // namespace socle::report
