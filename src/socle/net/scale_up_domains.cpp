#include "socle/net/scale_up_domains.hpp"

#include "socle/base/check.hpp"
#include "socle/net/topologies/topologies.hpp"

namespace socle::net {

ScaleUpDomains::ScaleUpDomains(std::unique_ptr<const Topology> fabric, const FabricSpec& spec)
    : fabric_(std::move(fabric)),
      domain_(spec.scale_up_domain),
      rails_(spec.rails),
      forwarding_(spec.rail_forwarding),
      fabric_links_(static_cast<LinkId>(fabric_->links().size())) {
  SOCLE_CHECK(domain_ >= 2 && domain_ % rails_ == 0, "a scale-up domain holds whole hosts");
  set_endpoints(fabric_->endpoints());
  for (const Tier& tier : fabric_->tiers()) add_tier(tier.name, tier.count);
  reserve_cables(fabric_links_ / 2 + endpoints());
  for (LinkId id = 0; id < fabric_links_; id += 2) {
    const Link& link = fabric_->links()[id];
    connect(link.from, link.to, link.bandwidth, link.latency);
  }
  const std::uint32_t first = add_tier("domain", (endpoints() + domain_ - 1) / domain_);
  for (std::uint32_t e = 0; e < endpoints(); ++e) connect(e, first + e / domain_, spec.scale_up, spec.scale_up_latency);
}

bool ScaleUpDomains::reachable(std::uint32_t from, std::uint32_t to) const {
  if (!Topology::reachable(from, to)) return false;
  return from / domain_ == to / domain_ || fabric_->reachable(forwarder(from, to), to);
}

void ScaleUpDomains::route(std::uint32_t from, std::uint32_t to, Selector& choose, Path& path) const {
  if (from == to) return;
  const bool inside = from / domain_ == to / domain_;
  const std::uint32_t next = inside ? to : forwarder(from, to);
  if (next != from) {
    path.push_back(into_domain(from));
    path.push_back(into_domain(next) + 1);
  }
  if (!inside) fabric_->route(next, to, choose, path);
}

bool ScaleUpDomains::spread(std::uint32_t from, std::uint32_t to, SpreadPath& path) const {
  if (from == to) return true;
  const bool inside = from / domain_ == to / domain_;
  const std::uint32_t next = inside ? to : forwarder(from, to);
  const std::size_t start = path.size();
  if (!inside && !fabric_->spread(next, to, path)) return false;
  const auto shift = static_cast<LinkId>(links().size()) - fabric_links_;
  for (std::size_t i = start; i < path.size(); ++i) {
    if (path[i].link >= fabric_links_) path[i].link += shift;  // trunks come behind all links
  }
  if (next != from) {
    path.push_back({into_domain(from), 1.0});
    path.push_back({into_domain(next) + 1, 1.0});
  }
  return true;
}

std::unique_ptr<const Topology> build_fabric(const FabricSpec& spec) {
  const TopologyEntry* entry = find_topology(spec.topology);
  SOCLE_CHECK(entry != nullptr, "the topology is known");
  std::unique_ptr<const Topology> fabric = entry->build(spec);
  if (spec.scale_up_domain < 2) return fabric;
  return std::make_unique<ScaleUpDomains>(std::move(fabric), spec);
}

}  // namespace socle::net
