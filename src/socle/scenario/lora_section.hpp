#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/scenario/key.hpp"

namespace socle::scenario {

/// [serving.lora]: low-rank adapters that are served beside the model. Any key asks for them; what is empty takes the
/// engine's default.
struct LoraSection {
  std::optional<int> adapters;  ///< that requests ask for
  std::optional<int> rank, max_loras, max_cpu_loras;
  std::string targets;               ///< "all" or "attention"; empty = all
  std::optional<double> popularity;  ///< exponent of Zipf's law
  std::optional<double> share;       ///< of the requests that have one

  bool any() const { return adapters || rank || max_loras || max_cpu_loras || !targets.empty() || popularity || share; }
};

std::vector<Key<LoraSection>> lora_keys();

}  // namespace socle::scenario
