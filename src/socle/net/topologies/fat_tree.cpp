#include "socle/net/topologies/fat_tree.hpp"

#include <array>

#include "socle/net/topologies/topologies.hpp"

namespace socle::net {

// Uplink j of a leaf leads to spine j mod s of its pod, uplink j of spine i to core i c + j mod c. d-mod-k takes port
// (place mod leaf_up) at a leaf and (place / leaf_up mod spine_up) at a spine, so that every destination has one tree
// downwards. Source: Zahavi 2010, "D-Mod-K routing providing non-blocking traffic for shift permutations".
FatTree::FatTree(const FatTreePlan& plan, BytesPerSecond link, Seconds hop_latency) : plan_(plan) {
  set_endpoints(plan.endpoints);
  const std::uint64_t uplinks = static_cast<std::uint64_t>(plan.leaves) * plan.leaf_up;
  const std::uint64_t spine_uplinks = static_cast<std::uint64_t>(plan.pods) * plan.spines * plan.spine_up;
  reserve_cables(plan.endpoints + uplinks + spine_uplinks);
  first_spine_uplink_ = static_cast<LinkId>(2 * (plan.endpoints + uplinks));
  const std::uint32_t leaf_node = add_tier("leaf", plan.leaves);
  at_.reserve(plan.endpoints);
  for (std::uint32_t e = 0; e < plan.endpoints; ++e) {
    const std::uint32_t place = plan.place(e), leaf = place / plan.leaf_down;
    at_.push_back({leaf, leaf / plan.leaves_per_pod, plan.leaf_up ? place % plan.leaf_up : 0,
                   plan.spine_up ? place / plan.leaf_up % plan.spine_up : 0});
    connect(e, leaf_node + leaf, link, hop_latency);
  }
  if (plan.tiers == 1) return;
  const std::uint32_t spine_node = add_tier("spine", plan.pods * plan.spines);
  connect_leaves(link, hop_latency, leaf_node, spine_node);
  if (plan.tiers == 2) return;
  const std::uint32_t core_node = add_tier("core", plan.cores());
  for (std::uint32_t s = 0; s < plan.pods * plan.spines; ++s) {
    const std::uint32_t group = s % plan.spines * plan.cores_per_spine;
    for (std::uint32_t j = 0; j < plan.spine_up; ++j)
      connect(spine_node + s, core_node + group + j % plan.cores_per_spine, link, hop_latency);
  }
}

void FatTree::connect_leaves(BytesPerSecond link, Seconds hop_latency, std::uint32_t leaf_node,
                             std::uint32_t spine_node) {
  for (std::uint32_t leaf = 0; leaf < plan_.leaves; ++leaf) {
    const std::uint32_t first = leaf / plan_.leaves_per_pod * plan_.spines;
    for (std::uint32_t j = 0; j < plan_.leaf_up; ++j)
      connect(leaf_node + leaf, spine_node + first + j % plan_.spines, link, hop_latency);
  }
}

void FatTree::route(std::uint32_t from, std::uint32_t to, Selector& choose, Path& path) const {
  if (from == to) return;
  const Coordinates &source = at_[from], &target = at_[to];
  std::array<LinkId, 6> hops;
  std::size_t count = 0;
  hops[count++] = 2 * from;
  if (source.leaf != target.leaf) {
    const std::uint32_t up =
        choose.pick(plan_.leaf_up, target.leaf_digit, [&](std::uint32_t j) { return leaf_uplink(source.leaf, j); });
    hops[count++] = leaf_uplink(source.leaf, up);
    const bool one_cable = plan_.spines == plan_.leaf_up;
    const std::uint32_t spine = one_cable ? up : up % plan_.spines;
    if (source.pod != target.pod) {
      const std::uint32_t spine_up = choose.pick(plan_.spine_up, target.spine_digit,
                                                 [&](std::uint32_t j) { return spine_uplink(source.pod, spine, j); });
      hops[count++] = spine_uplink(source.pod, spine, spine_up);
      hops[count++] = core_downlink(target.pod, spine, spine_up, choose);
    }
    const auto down_port = [&](std::uint32_t i) { return leaf_uplink(target.leaf, i * plan_.spines + spine) + 1; };
    hops[count++] = down_port(one_cable ? 0 : choose.pick(plan_.leaf_up / plan_.spines, up / plan_.spines, down_port));
  }
  hops[count++] = 2 * to + 1;
  path.insert(path.end(), hops.begin(), hops.begin() + count);  // at once: a path is built a million times
}

LinkId FatTree::core_downlink(std::uint32_t pod, std::uint32_t spine, std::uint32_t spine_up, Selector& choose) const {
  const bool one_cable = plan_.cores_per_spine == plan_.spine_up;
  const std::uint32_t core = one_cable ? spine_up : spine_up % plan_.cores_per_spine;
  const auto down_port = [&](std::uint32_t i) {
    return spine_uplink(pod, spine, i * plan_.cores_per_spine + core) + 1;
  };
  return down_port(
      one_cable ? 0 : choose.pick(plan_.spine_up / plan_.cores_per_spine, spine_up / plan_.cores_per_spine, down_port));
}

// Trunks: all uplinks of leaf l upwards (2 l) and downwards (2 l + 1), then the same for each pod's spines.
std::vector<Trunk> FatTree::trunks() const {
  std::vector<Trunk> trunks;
  for (std::uint32_t leaf = 0; leaf < plan_.leaves && plan_.tiers > 1; ++leaf) {
    for (std::uint32_t down : {0u, 1u}) trunks.push_back({leaf_uplink(leaf, 0) + down, plan_.leaf_up, 2});
  }
  for (std::uint32_t pod = 0; pod < plan_.pods && plan_.tiers > 2; ++pod) {
    for (std::uint32_t down : {0u, 1u})
      trunks.push_back({spine_uplink(pod, 0, 0) + down, plan_.spines * plan_.spine_up, 2});
  }
  return trunks;
}

bool FatTree::spread(std::uint32_t from, std::uint32_t to, SpreadPath& path) const {
  if (from == to) return true;
  const std::uint32_t source_leaf = at_[from].leaf, leaf = at_[to].leaf;
  const auto trunk = [this](std::uint32_t index) { return static_cast<LinkId>(links().size() + index); };
  path.push_back({2 * from, 1.0});
  if (source_leaf != leaf) {
    const std::uint32_t source_pod = at_[from].pod, pod = at_[to].pod;
    path.push_back({trunk(2 * source_leaf), 1.0});
    if (source_pod != pod) {
      path.push_back({trunk(2 * (plan_.leaves + source_pod)), 1.0});
      path.push_back({trunk(2 * (plan_.leaves + pod) + 1), 1.0});
    }
    path.push_back({trunk(2 * leaf + 1), 1.0});
  }
  path.push_back({2 * to + 1, 1.0});
  return true;
}

Feasible<FabricParts> size_fat_tree(const FabricSpec& spec) {
  const auto plan = plan_fat_tree(spec, false);
  return plan ? Feasible<FabricParts>(parts_of(*plan)) : plan.why();
}

std::unique_ptr<const Topology> build_fat_tree(const FabricSpec& spec) {
  return std::make_unique<FatTree>(*plan_fat_tree(spec, false), spec.link, spec.hop_latency);
}

Feasible<FabricParts> size_rail_optimized(const FabricSpec& spec) {
  const auto plan = plan_fat_tree(spec, true);
  return plan ? Feasible<FabricParts>(parts_of(*plan)) : plan.why();
}

std::unique_ptr<const Topology> build_rail_optimized(const FabricSpec& spec) {
  return std::make_unique<FatTree>(*plan_fat_tree(spec, true), spec.link, spec.hop_latency);
}

}  // namespace socle::net
