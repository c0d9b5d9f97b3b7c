#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/net/selector.hpp"

namespace socle::net {

/// One direction of a cable. Cable c is links 2c (as connected) and 2c + 1 (back).
struct Link {
  std::uint32_t from = 0, to = 0;  ///< nodes: endpoints first, then switches
  BytesPerSecond bandwidth{};
  Seconds latency{};
};

/// Switches of one tier: nodes [first, first + count).
struct Tier {
  std::string name;
  std::uint32_t first = 0, count = 0;
};

/// Links that spreading loads equally, seen as one. Trunk t is link links().size() + t of a SpreadPath.
struct Trunk {
  LinkId first = 0;
  std::uint32_t count = 0, stride = 2;
};

/// Nodes, links, and minimal routes computed from coordinates; no route is stored. Immutable once built.
class Topology {
 public:
  virtual ~Topology() = default;

  std::uint32_t endpoints() const { return endpoints_; }
  std::uint32_t nodes() const { return nodes_; }
  std::span<const Link> links() const { return links_; }
  /// Tiers of switches, from the endpoints outwards.
  const std::vector<Tier>& tiers() const { return tiers_; }
  /// "host 3", "leaf 12": for people.
  virtual std::string node_name(std::uint32_t node) const;

  /// Appends the links of a minimal path; where several links lead on, `choose` decides. Nothing is appended for a
  /// path from an endpoint to itself. Requires: from, to < endpoints(), and reachable(from, to).
  virtual void route(std::uint32_t from, std::uint32_t to, Selector& choose, Path& path) const = 0;
  /// False where a fabric keeps endpoints apart (rails without a spine).
  virtual bool reachable(std::uint32_t from, std::uint32_t to) const { return from < endpoints_ && to < endpoints_; }
  /// Appends hops of equal spreading over every minimal path, trunks taken whole; false when `route` has to enumerate
  /// the paths. Holds while no link of a trunk has failed.
  virtual bool spread(std::uint32_t, std::uint32_t, SpreadPath&) const { return false; }
  virtual std::vector<Trunk> trunks() const { return {}; }

 protected:
  void set_endpoints(std::uint32_t count);
  /// Adds a tier of switches and returns its first node.
  std::uint32_t add_tier(std::string name, std::uint32_t count);
  /// Adds both directions of a cable; returns the link a -> b, and b -> a is the next one.
  LinkId connect(std::uint32_t a, std::uint32_t b, BytesPerSecond bandwidth, Seconds latency);
  void reserve_cables(std::size_t count) { links_.reserve(2 * count); }

 private:
  std::uint32_t endpoints_ = 0, nodes_ = 0;
  std::vector<Link> links_;
  std::vector<Tier> tiers_;
};

}  // namespace socle::net
