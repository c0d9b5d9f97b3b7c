#pragma once

#include <memory>

#include "socle/net/topologies/fat_tree_plan.hpp"
#include "socle/net/topology.hpp"

namespace socle::net {

/// Folded Clos network of one to three tiers. Link ids follow from coordinates: cables of endpoints first, then those
/// of leaves, then those of spines, each in the order of its switches' ports.
class FatTree final : public Topology {
 public:
  FatTree(const FatTreePlan& plan, BytesPerSecond link, Seconds hop_latency);

  void route(std::uint32_t from, std::uint32_t to, Selector& choose, Path& path) const override;
  bool spread(std::uint32_t from, std::uint32_t to, SpreadPath& path) const override;
  std::vector<Trunk> trunks() const override;

 private:
  LinkId leaf_uplink(std::uint32_t leaf, std::uint32_t port) const {
    return 2 * (plan_.endpoints + leaf * plan_.leaf_up + port);
  }
  LinkId spine_uplink(std::uint32_t pod, std::uint32_t spine, std::uint32_t port) const {
    return first_spine_uplink_ + 2 * ((pod * plan_.spines + spine) * plan_.spine_up + port);
  }
  void connect_leaves(BytesPerSecond link, Seconds hop_latency, std::uint32_t leaf_node, std::uint32_t spine_node);

  /// Where an endpoint hangs, and the digits of its place that d-mod-k routing uses.
  struct Coordinates {
    std::uint32_t leaf, pod, leaf_digit, spine_digit;
  };
  /// From the core that `spine_up` led to, down to the same spine of another pod.
  LinkId core_downlink(std::uint32_t pod, std::uint32_t spine, std::uint32_t spine_up, Selector& choose) const;

  FatTreePlan plan_;
  std::vector<Coordinates> at_;
  LinkId first_spine_uplink_ = 0;
};

}  // namespace socle::net
