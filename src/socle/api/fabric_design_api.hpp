#pragma once

#include <functional>
#include <string>

#include "socle/api/scenario.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::api {

/// A question to `socle fabric design`.
struct FabricDesignRequest {
  std::string scenario_text;
  std::string scenario_name;                ///< file name; empty = flags only
  ScenarioFlags flags;                      ///< those of scenarios and those of fabric_design_flags()
  bool json = false;
  unsigned threads = 0;                     ///< 0 = all cores; the answer does not depend on it
  std::function<std::string(const std::string& path)> read_file;  ///< reads what `model.config` names
};

struct FabricDesignAnswer {
  bool feasible = true;                     ///< some fabric can be built and stays within the limits
  std::string text;
};

/// Sizes every sensible fabric for a scenario's hosts, with price, power, failures and, when a model is named, the step time
/// of its training on each. Throws InputError for bad input.
FabricDesignAnswer design_fabric(const catalog::Catalog& catalog, const FabricDesignRequest& request);

}  // namespace socle::api
