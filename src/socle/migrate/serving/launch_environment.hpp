#pragma once

#include <string>
#include <utility>
#include <vector>

#include "socle/base/csv.hpp"
#include "socle/migrate/serving/launch_translation.hpp"

namespace socle::migrate {

struct TranslatedEnvironment {
  std::vector<Translated> items;
  std::vector<std::pair<std::string, LaunchText>> variables;
};

/// Variables of the process on the target by the rules of compat/serving-environment.csv: what it calls otherwise, what
/// it needs beside, and what only the platform or the engine that is left knows.
TranslatedEnvironment translate_environment(const LaunchRecord& record, const LaunchTarget& target, bool same_engine,
                                            const CsvTable& rules);

}  // namespace socle::migrate
