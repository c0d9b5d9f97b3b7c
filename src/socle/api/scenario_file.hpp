#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/api/request.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::api {

/// Questions that `socle init` has a template for.
std::vector<std::string> template_names();

/// A commented scenario that runs as it stands. Throws InputError for an unknown name.
std::string scenario_template(std::string_view name);

/// Whether one question can be asked of a scenario.
struct CheckedQuestion {
  std::string command;  ///< "fabric design"
  std::string missing;  ///< what the scenario would have to say for it; empty = it can be asked
};

/// The answer to `socle check`: a scenario that was read, with every name looked up, and nothing computed.
struct CheckResult {
  std::string scenario;                    ///< file name
  std::vector<std::string> understood;     ///< model, cluster, layout, as sentences
  std::vector<CheckedQuestion> questions;  ///< at least one can be asked
};

/// Reads the scenario and resolves it for every question that it says enough for. Throws InputError with every problem
/// of the file and of the names in it, or when it says enough for no question.
CheckResult check_scenario(const catalog::Catalog& catalog, const Request& request);

std::string text(const CheckResult& result);
/// Schema `socle.check/1`.
std::string json(const CheckResult& result);

}  // namespace socle::api
