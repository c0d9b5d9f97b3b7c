#pragma once

#include <functional>
#include <string>

#include "socle/api/scenario.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::api {

/// A question to `socle train`.
struct TrainRequest {
  std::string scenario_text;
  std::string scenario_name;                ///< file name; empty = flags only
  ScenarioFlags flags;
  bool json = false;
  bool explain = false;
  bool timeline = false;
  unsigned threads = 0;                     ///< 0 = all cores; the answer does not depend on it
  /// Reads the file that `model.config` names; may throw InputError.
  std::function<std::string(const std::string& path)> read_file;
};

struct TrainAnswer {
  bool feasible = true;
  std::string text;       ///< tables of at most 100 columns, or one JSON document; the reason when nothing fits
  std::string timeline;   ///< Chrome trace; empty unless asked for and a layout was found
};

/// Estimates one training step. When the layout states everything that decides (tp, pp, cp, dp, microbatch, schedule,
/// recompute, sharding; vpp for the interleaved schedule; ep for models with experts) that layout is evaluated,
/// otherwise the rest is searched. A run that breaks a limit is shown in full, with what it breaks, and is not feasible. Throws InputError for bad input.
TrainAnswer train(const catalog::Catalog& catalog, const TrainRequest& request);

}  // namespace socle::api
