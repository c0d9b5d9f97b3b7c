#pragma once

#include <string>
#include <vector>

namespace socle::api {

/// One flag that stands for a key of a scenario.
struct ScenarioFlag {
  std::string name;         ///< "--tp"
  std::string value_name;   ///< "N"
  std::string help;
};

/// Every flag, in the order of `--help`. What a flag sets overrides the file; without a file flags are enough.
std::vector<ScenarioFlag> scenario_flags();

}  // namespace socle::api
