#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "socle/comm/collectives.hpp"

namespace socle::comm {

/// The plan of one algorithm, or nothing when it cannot carry the collective.
using PlanFunction = std::optional<TransferPlan> (*)(graph::Collective collective, const Footprint& group,
                                                     Bytes buffer);

#define SOCLE_COLLECTIVE(function, name, help) \
  std::optional<TransferPlan> function(graph::Collective collective, const Footprint& group, Bytes buffer);
#include "socle/comm/algorithms.def"
#undef SOCLE_COLLECTIVE

struct AlgorithmEntry {
  std::string_view name;
  std::string_view help;
  PlanFunction plan;
};

/// Every algorithm, in the order of algorithms.def.
const std::vector<AlgorithmEntry>& algorithms();

}  // namespace socle::comm
