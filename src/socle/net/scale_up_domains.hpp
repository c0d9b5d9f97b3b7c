#pragma once

#include <memory>

#include "socle/net/fabric_spec.hpp"
#include "socle/net/topology.hpp"

namespace socle::net {

/// A scale-out fabric whose endpoints also stand in scale-up domains, each joined by one non-blocking switch
/// (NVSwitch, HCCS): traffic inside a domain stays off the fabric. With rail forwarding, traffic to another rail first
/// crosses the domain to the neighbour on that rail, so that it leaves on the rail it arrives on (NCCL calls it PXN).
class ScaleUpDomains final : public Topology {
 public:
  /// Requires: spec.scale_up_domain >= 2; its hosts (spec.rails endpoints) divide it evenly.
  ScaleUpDomains(std::unique_ptr<const Topology> fabric, const FabricSpec& spec);

  void route(std::uint32_t from, std::uint32_t to, Selector& choose, Path& path) const override;
  bool reachable(std::uint32_t from, std::uint32_t to) const override;
  bool spread(std::uint32_t from, std::uint32_t to, SpreadPath& path) const override;
  std::vector<Trunk> trunks() const override { return fabric_->trunks(); }

 private:
  LinkId into_domain(std::uint32_t endpoint) const { return fabric_links_ + 2 * endpoint; }
  /// Who on the sender's host sends it on: the neighbour on the receiver's rail, or the sender itself.
  std::uint32_t forwarder(std::uint32_t from, std::uint32_t to) const {
    return forwarding_ ? from - from % rails_ + to % rails_ : from;
  }

  std::unique_ptr<const Topology> fabric_;
  std::uint32_t domain_, rails_;
  bool forwarding_;
  LinkId fabric_links_;
};

/// Builds the fabric of a spec, scale-up domains included. Requires: the topology's size is feasible and can be built.
std::unique_ptr<const Topology> build_fabric(const FabricSpec& spec);

}  // namespace socle::net
