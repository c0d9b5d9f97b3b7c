#include <algorithm>

#include <fmt/format.h>

#include "socle/net/topologies/fat_tree.hpp"
#include "socle/net/topologies/topologies.hpp"

namespace socle::net {
namespace {

/// Equal fabrics side by side. Either every NIC has a port in each of them, or each rail has one of its own.
class Planes final : public Topology {
 public:
  Planes(std::uint32_t endpoints, std::uint32_t planes, bool by_rail, const FatTree& plane, bool name_rails)
      : planes_(planes), by_rail_(by_rail), plane_(plane), plane_links_(static_cast<LinkId>(plane.links().size())) {
    set_endpoints(endpoints);
    reserve_cables(static_cast<std::size_t>(plane_links_) / 2 * planes);
    std::vector<std::uint32_t> first;
    for (const Tier& tier : plane.tiers())
      first.push_back(add_tier((name_rails ? "rail " : "plane ") + tier.name, tier.count * planes));
    for (std::uint32_t p = 0; p < planes; ++p) {
      const auto node = [&](std::uint32_t inner) {
        return inner < plane.endpoints() ? outer_endpoint(inner, p) : switch_node(first, inner, p);
      };
      for (std::size_t i = 0; i < plane.links().size(); i += 2) {
        const Link& link = plane.links()[i];
        connect(node(link.from), node(link.to), link.bandwidth, link.latency);
      }
    }
  }

  bool reachable(std::uint32_t from, std::uint32_t to) const override {
    return Topology::reachable(from, to) && (!by_rail_ || from % planes_ == to % planes_);
  }

  void route(std::uint32_t from, std::uint32_t to, Selector& choose, Path& path) const override {
    if (from == to) return;
    const auto first_link = [&](std::uint32_t p) { return p * plane_links_ + 2 * from; };
    const std::uint32_t p = by_rail_ ? from % planes_ : choose.pick(planes_, to + choose.pair(), first_link);
    const std::size_t start = path.size();
    choose.set_link_base(p * plane_links_);
    plane_.route(inner_endpoint(from), inner_endpoint(to), choose, path);
    choose.set_link_base(0);
    for (std::size_t i = start; i < path.size(); ++i) path[i] += p * plane_links_;
  }

  bool spread(std::uint32_t from, std::uint32_t to, SpreadPath& path) const override {
    SpreadPath inner;
    plane_.spread(inner_endpoint(from), inner_endpoint(to), inner);
    const std::uint32_t first = by_rail_ ? from % planes_ : 0, last = by_rail_ ? first + 1 : planes_;
    const auto plane_trunks = static_cast<LinkId>(plane_.trunks().size());
    for (std::uint32_t p = first; p < last; ++p) {
      for (const SpreadHop& hop : inner) {
        const LinkId link = hop.link < plane_links_
                                ? p * plane_links_ + hop.link
                                : static_cast<LinkId>(links().size()) + p * plane_trunks + hop.link - plane_links_;
        path.push_back({link, hop.share / (last - first)});
      }
    }
    return true;
  }

  std::vector<Trunk> trunks() const override {
    std::vector<Trunk> all;
    for (std::uint32_t p = 0; p < planes_; ++p) {
      for (Trunk trunk : plane_.trunks()) {
        trunk.first += p * plane_links_;
        all.push_back(trunk);
      }
    }
    return all;
  }

 private:
  std::uint32_t inner_endpoint(std::uint32_t outer) const { return by_rail_ ? outer / planes_ : outer; }
  std::uint32_t outer_endpoint(std::uint32_t inner, std::uint32_t p) const {
    return by_rail_ ? inner * planes_ + p : inner;
  }
  std::uint32_t switch_node(const std::vector<std::uint32_t>& first, std::uint32_t inner, std::uint32_t p) const {
    std::size_t tier = plane_.tiers().size() - 1;
    while (plane_.tiers()[tier].first > inner) --tier;
    return first[tier] + p * plane_.tiers()[tier].count + inner - plane_.tiers()[tier].first;
  }

  std::uint32_t planes_;
  bool by_rail_;
  FatTree plane_;
  LinkId plane_links_;
};

/// The fabric of one rail: as many endpoints as there are hosts.
FabricSpec rail_spec(const FabricSpec& spec) {
  FabricSpec rail = spec;
  rail.endpoints = spec.endpoints / std::max(1u, spec.rails);
  return rail;
}

/// A switch split into slower ports has as many more of them.
FabricSpec plane_spec(const FabricSpec& spec) {
  FabricSpec plane = spec;
  plane.radix = spec.radix * spec.planes;
  plane.link = spec.link / static_cast<double>(spec.planes);
  return plane;
}

FabricParts times(FabricParts parts, std::uint32_t planes, std::uint64_t endpoints) {
  parts.endpoints = endpoints;
  for (SwitchCount& kind : parts.switches) kind.count *= planes;
  for (CableCount& kind : parts.cables) kind.count *= planes;
  return parts;
}

}  // namespace

Feasible<FabricParts> size_rail_only(const FabricSpec& spec) {
  if (spec.rails < 2 || spec.endpoints % spec.rails != 0) {
    return Infeasible{"rails",
                      fmt::format("{} endpoints of hosts with {} NICs have no rails", spec.endpoints, spec.rails),
                      "give hosts of two NICs or more, and whole hosts"};
  }
  const auto plan = plan_fat_tree(rail_spec(spec), false);
  if (!plan) return plan.why();
  FabricParts parts = times(parts_of(*plan), spec.rails, spec.endpoints);
  parts.endpoints_max *= spec.rails;
  return parts;
}

std::unique_ptr<const Topology> build_rail_only(const FabricSpec& spec) {
  const FatTree rail(*plan_fat_tree(rail_spec(spec), false), spec.link, spec.hop_latency);
  return std::make_unique<Planes>(spec.endpoints, spec.rails, true, rail, true);
}

Feasible<FabricParts> size_multi_plane(const FabricSpec& spec) {
  if (spec.planes < 2 || spec.planes > 64) {
    return Infeasible{"planes", fmt::format("planes = {} splits no NIC", spec.planes),
                      "use 2 to 64 planes, e.g. 2 or 8"};
  }
  const auto plan = plan_fat_tree(plane_spec(spec), false);
  if (!plan) return plan.why();
  return times(parts_of(*plan), spec.planes, spec.endpoints);
}

std::unique_ptr<const Topology> build_multi_plane(const FabricSpec& spec) {
  const FabricSpec one = plane_spec(spec);
  const FatTree plane(*plan_fat_tree(one, false), one.link, spec.hop_latency);
  return std::make_unique<Planes>(spec.endpoints, spec.planes, false, plane, false);
}

}  // namespace socle::net
