#pragma once

#include <string>
#include <vector>

#include "socle/base/json.hpp"
#include "socle/base/json_schema.hpp"
#include "socle/migrate/judgement.hpp"
#include "socle/migrate/translation.hpp"

namespace socle::report {

/// "go", "go with work", "no-go".
const char* decision_words(migrate::Decision decision);
/// "days (about 12 h)"; "none".
std::string effort_words(migrate::Effort effort, double hours);
/// Null where the text is empty.
Json text_or_null(const std::string& text);

/// "value changed", "dropped: slower".
const char* change_words(migrate::Change change);
/// Keys of all changes, as schemas list them.
std::vector<std::string> change_keys();
/// One item of a translation, for every report that shows one.
Json translated_json(const migrate::Translated& item);
SchemaRows translated_rows(const std::string& path);

}  // namespace socle::report
