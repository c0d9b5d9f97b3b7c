#pragma once

#include "socle/base/feasible.hpp"
#include "socle/net/fabric_spec.hpp"

namespace socle::net {

/// The numbers of a folded Clos network of one to three tiers. Names follow one leaf: it has `leaf_down` endpoints and
/// `leaf_up` uplinks, spread over `spines` switches of its pod; those have `spine_up` uplinks over `cores_per_spine`
/// cores. Two tiers are one pod whose spines lead nowhere. Every division is exact, so equal ports carry equal shares.
struct FatTreePlan {
  std::uint32_t endpoints = 0, rails = 1;
  bool by_rail = false;  ///< leaves hold one rail each
  std::uint32_t tiers = 1, radix = 0;
  std::uint32_t leaf_down = 0, leaf_up = 0, leaves = 1;
  std::uint32_t pods = 1, leaves_per_pod = 1, spines = 0;  ///< spines of one pod
  std::uint32_t spine_up = 0, cores_per_spine = 0;

  std::uint32_t cores() const { return spines * cores_per_spine; }
  /// Place at the leaves, counted leaf by leaf; also the label whose digits d-mod-k routing uses.
  std::uint32_t place(std::uint32_t endpoint) const;
};

/// Chooses the fewest tiers that hold the endpoints unless `spec.tiers` says how many.
Feasible<FatTreePlan> plan_fat_tree(const FabricSpec& spec, bool by_rail);

/// Counts of the plan.
FabricParts parts_of(const FatTreePlan& plan);

}  // namespace socle::net
