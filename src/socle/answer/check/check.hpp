#pragma once

#include <string>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/scenario/scenario.hpp"
#include "socle/setup/train_setup.hpp"

namespace socle::answer {

/// Whether one question can be asked of a scenario.
struct CheckedQuestion {
  std::string command;  ///< "fabric design"
  std::string missing;  ///< what the scenario would have to say for it; empty = it can be asked
};

/// A scenario that was read, with every name looked up, and nothing computed.
struct CheckResult {
  std::string scenario;                    ///< file name
  std::vector<std::string> understood;     ///< model, cluster, network, as sentences
  std::vector<CheckedQuestion> questions;  ///< at least one can be asked
};

/// Resolves the scenario for every question that it says enough for. Throws InputError with every problem of the names
/// in it, or when it says enough for no question.
CheckResult check_scenario(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                           const setup::FileReader& read_file);

}  // namespace socle::answer
