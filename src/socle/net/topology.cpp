#include "socle/net/topology.hpp"

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/net/fabric_spec.hpp"

namespace socle::net {

std::uint64_t FabricParts::switch_count() const {
  std::uint64_t sum = 0;
  for (const SwitchCount& kind : switches) sum += kind.count;
  return sum;
}

std::uint64_t FabricParts::inter_switch_cables() const {
  std::uint64_t sum = 0;
  for (const CableCount& kind : cables) sum += kind.between.starts_with("endpoint") ? 0 : kind.count;
  return sum;
}

std::string Topology::node_name(std::uint32_t node) const {
  if (node < endpoints_) return fmt::format("endpoint {}", node);
  for (const Tier& tier : tiers_) {
    if (node - tier.first < tier.count) return fmt::format("{} {}", tier.name, node - tier.first);
  }
  return fmt::format("node {}", node);
}

void Topology::set_endpoints(std::uint32_t count) {
  SOCLE_CHECK(nodes_ == 0 && count > 0, "endpoints are the first nodes");
  endpoints_ = nodes_ = count;
}

std::uint32_t Topology::add_tier(std::string name, std::uint32_t count) {
  const std::uint32_t first = nodes_;
  tiers_.push_back({std::move(name), first, count});
  nodes_ += count;
  return first;
}

LinkId Topology::connect(std::uint32_t a, std::uint32_t b, BytesPerSecond bandwidth, Seconds latency) {
  SOCLE_CHECK(a < nodes_ && b < nodes_ && a != b && bandwidth > BytesPerSecond{}, "a cable joins two nodes");
  const auto id = static_cast<LinkId>(links_.size());
  links_.push_back({a, b, bandwidth, latency});
  links_.push_back({b, a, bandwidth, latency});
  return id;
}

}  // namespace socle::net
