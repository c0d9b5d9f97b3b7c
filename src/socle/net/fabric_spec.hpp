#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "socle/base/quantity.hpp"

namespace socle::net {

/// A fabric as its designer orders it: endpoints are NICs (one for each accelerator), numbered host by host.
/// Zero means "chosen by the topology".
struct FabricSpec {
  std::string topology = "fat-tree";  ///< name in topologies.def
  std::uint32_t endpoints = 0;
  std::uint32_t rails = 1;               ///< NICs of one host; rail r of every host is NIC r
  std::uint32_t radix = 64;              ///< ports of one switch at the speed of `link`
  BytesPerSecond link{50e9};             ///< one NIC, per direction
  Seconds hop_latency{1e-6};             ///< one traversal of a link and the switch behind it
  double oversubscription = 1.0;         ///< downlinks over uplinks of a leaf
  std::uint32_t tiers = 0;               ///< fat trees: 2 or 3
  std::uint32_t planes = 1;              ///< multi-plane: ports that one NIC is split into, each in a plane of its own
  std::uint32_t group_routers = 0;       ///< dragonfly: routers (dragonfly+: leaves) of one group
  std::uint32_t groups = 0;              ///< dragonfly: groups
  std::uint32_t router_endpoints = 0;    ///< direct networks: endpoints of one router
  std::uint32_t field = 0;               ///< Slim Fly: q
  std::array<std::uint32_t, 3> torus{};  ///< routers of each dimension; the third 0 or 1 = two dimensions
  std::uint32_t scale_up_domain = 1;     ///< endpoints that share a scale-up fabric; 1 = none
  BytesPerSecond scale_up{};             ///< of one endpoint into it, per direction
  Seconds scale_up_latency{5e-7};        ///< one traversal
  bool rail_forwarding = false;          ///< to another rail: through the scale-up fabric first, then along the rail
};

/// Cables of one kind.
struct CableCount {
  std::string between;  ///< "host-leaf", "leaf-spine", "global", ...
  std::uint64_t count = 0;
  bool leaves_rack = false;  ///< optics are needed; false = copper reaches
};

/// Switches of one kind.
struct SwitchCount {
  std::string tier;  ///< "leaf", "spine", "core", "router"
  std::uint64_t count = 0;
  std::uint32_t ports = 0;       ///< ports that each has
  std::uint32_t ports_used = 0;  ///< ports that the busiest one uses
};

/// What a fabric is built of. Counted from the plan, before anything is built; a test holds that the built topology
/// has as many of each.
struct FabricParts {
  std::uint64_t endpoints = 0;
  std::vector<SwitchCount> switches;
  std::vector<CableCount> cables;   ///< the first entry joins endpoints to switches
  int hops_max = 0;                 ///< links that the longest minimal path crosses
  double bisection = 1.0;           ///< bandwidth between two halves over that of the endpoints of one half
  std::uint64_t endpoints_max = 0;  ///< endpoints that the same tiers and switches of this radix can hold
  std::string cannot_build;         ///< why it can be counted but not simulated; empty = it can

  std::uint64_t switch_count() const;
  /// Cables that join two switches.
  std::uint64_t inter_switch_cables() const;
};

}  // namespace socle::net
