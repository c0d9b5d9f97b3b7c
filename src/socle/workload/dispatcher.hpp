#pragma once

#include <string>
#include <vector>

namespace socle::workload {

/// How tokens reach the experts that were chosen for them, and come back.
enum class Dispatcher {
  kAllToAll,   ///< one copy for each chosen expert, straight to its rank (Megatron's `alltoall`)
  kAllGather,  ///< every token to every rank of the group (Megatron's `allgather`)
  kDeepEp,     ///< one copy for each node that is meant, spread over the chips inside it
  kHybridEp,   ///< the same for scale-up domains wider than a node
};

/// Names in scenarios, flags, stacks and results, in the order of the enumeration.
const std::vector<std::string>& dispatcher_names();

/// Requires: one of those names.
Dispatcher dispatcher_of(const std::string& name);

}  // namespace socle::workload
