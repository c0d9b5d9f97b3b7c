#include "socle/net/topologies/topologies.hpp"

namespace socle::net {

const std::vector<TopologyEntry>& topologies() {
  static const std::vector<TopologyEntry> entries = {
#define SOCLE_TOPOLOGY(function, name, help) {name, help, &size_##function, &build_##function},
#include "socle/net/topologies.def"
#undef SOCLE_TOPOLOGY
  };
  return entries;
}

std::vector<std::string> topology_names() {
  std::vector<std::string> names;
  for (const TopologyEntry& entry : topologies()) names.push_back(entry.name);
  return names;
}

const TopologyEntry* find_topology(std::string_view name) {
  for (const TopologyEntry& entry : topologies()) {
    if (name == entry.name) return &entry;
  }
  return nullptr;
}

}  // namespace socle::net
