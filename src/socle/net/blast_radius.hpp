#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "socle/base/feasible.hpp"
#include "socle/net/fabric_spec.hpp"

namespace socle::net {

/// What the failure of one element costs, the worst of those tried of its kind. Measured on the built fabric, without
/// the scale-up links of hosts.
struct Blast {
  std::string element;              ///< "NIC", "cable endpoint-leaf", "leaf", "plane", "pod", ...
  bool single_part = true;          ///< false: many parts that share power, control or software
  std::uint64_t count = 0;          ///< of such elements in the fabric
  std::uint64_t endpoints_cut = 0;  ///< NICs from which fewer than half of the NICs are reached that were before
  std::uint64_t hosts_cut = 0;      ///< hosts all of whose NICs are cut off
  std::uint64_t hosts_hurt = 0;     ///< hosts that lost a NIC or a port of one
  double bandwidth_lost = 0;        ///< share of `half_flow` between the two halves of hosts
};

/// Cables of the largest fabric that is built for the purpose.
inline constexpr std::uint64_t kBlastCablesMax = 1'200'000;
/// Up to so many cables the first, middle and last element of a kind are tried, above it only the last.
inline constexpr std::uint64_t kBlastThoroughMax = 100'000;

/// Fails elements of every kind one after another: NICs, cables of each pair of tiers, switches of each tier; one
/// plane, rail, pod or group, and one scale-up domain that is larger than a host. Infeasible when the fabric cannot be
/// built or is too large. Requires: the topology's size is feasible, two hosts or more.
Feasible<std::vector<Blast>> blast_radius(const FabricSpec& spec);

/// The least, over single parts, of the share of hosts still connected times the share of bandwidth left: 1 = no
/// failure of one part is felt.
double survivability(const std::vector<Blast>& blasts, std::uint64_t hosts);

}  // namespace socle::net
