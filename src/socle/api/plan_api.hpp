#pragma once

#include <functional>
#include <string>

#include "socle/api/scenario.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::api {

/// A question to `socle plan`.
struct PlanRequest {
  std::string scenario_text;
  std::string scenario_name;                ///< file name; empty = flags only
  ScenarioFlags flags;
  bool json = false;
  unsigned threads = 0;                     ///< 0 = all cores; the answer does not depend on it
  std::function<std::string(const std::string& path)> read_file;  ///< reads what `model.config` names
};

struct PlanAnswer {
  bool feasible = true;                     ///< some candidate stays within the limits
  std::string text;
};

/// Evaluates every candidate of a scenario (or its one cluster), sizes those without a node count, and compares them.
/// Throws InputError for bad input.
PlanAnswer plan(const catalog::Catalog& catalog, const PlanRequest& request);

}  // namespace socle::api
