#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/feasible.hpp"
#include "socle/net/fabric_spec.hpp"
#include "socle/net/topology.hpp"

namespace socle::net {

/// One way of building fabrics.
struct TopologyEntry {
  const char* name;
  const char* help;
  /// What the fabric is built of, or why it cannot be.
  Feasible<FabricParts> (*size)(const FabricSpec& spec);
  /// Requires: size(spec) is feasible and its cannot_build is empty.
  std::unique_ptr<const Topology> (*build)(const FabricSpec& spec);
};

/// All ways, in the order of topologies.def.
const std::vector<TopologyEntry>& topologies();
std::vector<std::string> topology_names();
/// Null when there is none of that name.
const TopologyEntry* find_topology(std::string_view name);

#define SOCLE_TOPOLOGY(function, name, help)                     \
  Feasible<FabricParts> size_##function(const FabricSpec& spec); \
  std::unique_ptr<const Topology> build_##function(const FabricSpec& spec);
#include "socle/net/topologies.def"
#undef SOCLE_TOPOLOGY

}  // namespace socle::net
