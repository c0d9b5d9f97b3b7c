#pragma once

#include <string>
#include <vector>

#include "socle/net/topology.hpp"

namespace socle::net {

/// A user's own network: named nodes, cables, and which nodes are endpoints.
struct GraphSpec {
  struct Cable {
    std::uint32_t a = 0, b = 0;  ///< nodes
    BytesPerSecond bandwidth{};
    Seconds latency{};
  };
  std::vector<std::string> nodes;  ///< endpoints first
  std::uint32_t endpoints = 0;
  std::vector<Cable> cables;
  std::uint32_t guessed_endpoints = 0;  ///< that nothing but their single cable speaks for
};

/// Shortest paths in hops over any graph; endpoints do not forward. Keeps one distance for each node and destination.
class Graph final : public Topology {
 public:
  /// Requires: two endpoints or more; cables join nodes that exist.
  explicit Graph(GraphSpec spec);

  std::string node_name(std::uint32_t node) const override { return spec_.nodes[node]; }
  void route(std::uint32_t from, std::uint32_t to, Selector& choose, Path& path) const override;
  bool reachable(std::uint32_t from, std::uint32_t to) const override;

 private:
  std::uint16_t distance(std::uint32_t node, std::uint32_t to) const {
    return distance_[static_cast<std::size_t>(to) * nodes() + node];
  }
  void measure(std::uint32_t to);

  GraphSpec spec_;
  std::vector<std::vector<LinkId>> leaving_;  ///< by node, in the order of cables
  std::vector<std::uint16_t> distance_;
};

}  // namespace socle::net
