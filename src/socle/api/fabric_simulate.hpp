#pragma once

#include <functional>
#include <string>

#include "socle/api/scenario.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::api {

/// A question to `socle fabric simulate`.
struct FabricRequest {
  std::string scenario_text;
  std::string scenario_name;                ///< file name; empty = flags only
  ScenarioFlags flags;
  bool json = false;
  bool flows = false, links = false, trace = false, picture = false, chart = false;   ///< files that are wanted
  unsigned threads = 0;                     ///< 0 = all cores; the answer does not depend on it
  std::function<std::string(const std::string& path)> read_file{};
};

struct FabricAnswer {
  bool complete = true;                     ///< every message arrived
  std::string text;
  std::string flows, links, trace, picture, chart;   ///< contents of the files that were asked for
};

/// Simulates one exchange on one fabric. Throws InputError for bad input.
FabricAnswer simulate_fabric(const catalog::Catalog& catalog, const FabricRequest& request);

}  // namespace socle::api
