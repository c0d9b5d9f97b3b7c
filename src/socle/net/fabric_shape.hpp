#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "socle/net/topology.hpp"

namespace socle::net {

/// What a network looks like: how a person would draw it.
struct FabricShape {
  enum class Kind {
    kRows,    ///< tiers, one above the other
    kGroups,  ///< groups of switches around a circle
    kGrid,    ///< rings of two or three dimensions
  };
  Kind kind = Kind::kRows;
  std::vector<std::vector<std::uint32_t>> rows;  ///< kRows: nodes from the bottom up, each row in drawing order
  std::vector<const char*>
      row_names;                 ///< kRows: as the topology calls them, "" = by distance; lives as long as the topology
  std::size_t endpoint_row = 0;  ///< kRows
  std::vector<std::vector<std::uint32_t>> groups;  ///< kGroups: switches; those with endpoints first
  std::array<std::uint32_t, 3> sides{1, 1, 1};     ///< kGrid: switches of each dimension, the first changing fastest
  /// By node: the switch it is drawn beside. Switches of the fabric are their own; endpoints without a switch too.
  std::vector<std::uint32_t> home;
  std::vector<bool> domain;  ///< by node: switch of a scale-up domain, drawn beside its endpoints
};

/// Recognises tiers by name, grids and groups by their cables, anything else by distance from the endpoints.
FabricShape shape_of(const Topology& topology);

}  // namespace socle::net
