#pragma once

#include <functional>
#include <string>
#include <vector>

#include "socle/api/scenario.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::api {

/// A question to `socle compare`.
struct CompareRequest {
  std::string scenario_text;
  std::string scenario_name;                ///< file name; empty = flags only
  ScenarioFlags flags;
  std::vector<std::string> chips;           ///< names; the first is what the others are measured against
  int count = 64;                           ///< chips of each kind
  std::string day;                          ///< of the export rules, "2026-06-30"; empty = the newest rules
  bool json = false;
  unsigned threads = 0;
  std::function<std::string(const std::string& path)> read_file;
};

struct CompareAnswer {
  bool feasible = true;                     ///< every chip can run the job
  std::string text;
};

/// The same job on the same number of several chips, each in its best layout. Throws InputError for bad input.
CompareAnswer compare(const catalog::Catalog& catalog, const CompareRequest& request);

}  // namespace socle::api
