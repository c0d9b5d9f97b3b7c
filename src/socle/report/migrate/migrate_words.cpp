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

const char* change_words(migrate::Change change) {
  static constexpr const char* kWords[] = {"same",
                                           "renamed",
                                           "value changed",
                                           "merged",
                                           "split",
                                           "added",
                                           "dropped: harmless",
                                           "dropped: slower",
                                           "dropped: other result",
                                           "no equivalent",
                                           "unknown"};
  return kWords[static_cast<std::size_t>(change)];
}

std::vector<std::string> change_keys() {
  std::vector<std::string> keys;
  for (int i = 0; i <= static_cast<int>(migrate::Change::kUnknown); ++i)
    keys.emplace_back(migrate::change_key(static_cast<migrate::Change>(i)));
  return keys;
}

Json translated_json(const migrate::Translated& item) {
  return Json::object({{"item", text_or_null(item.item)},
                       {"value", item.value},
                       {"line", item.line},
                       {"change", migrate::change_key(item.change)},
                       {"to_item", text_or_null(item.to_item)},
                       {"to_value", item.to_value},
                       {"why", item.why},
                       {"status", migrate::status_key(item.status)},
                       {"evidence", migrate::evidence_key(item.evidence)},
                       {"source", item.source}});
}

SchemaRows translated_rows(const std::string& path) {
  return {{path, "object", "Every item that was read, and what was added, with a verdict."},
          {path + ".item", "string|null", "As written; null: added."},
          {path + ".value", "string", "Its value; empty: a switch."},
          {path + ".line", "integer", "Line of the launch; 0: none."},
          {path + ".change", "string", "What becomes of it.", change_keys()},
          {path + ".to_item", "string|null", "On the target, several with semicolons between; null: none."},
          {path + ".to_value", "string", "Its value there."},
          {path + ".why", "string", "The rule, in a few words."},
          {path + ".status",
           "string",
           "What is stated of it there.",
           {"supported", "experimental", "partial", "unsupported", "unknown"}},
          {path + ".evidence", "string", "How far that may be trusted.", {"E0", "E1", "E2"}},
          {path + ".source", "string", "Of the statement."}};
}

}  // namespace socle::report
