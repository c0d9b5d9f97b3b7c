#include "socle/api/fabric_network.hpp"

#include <algorithm>

#include "socle/base/check.hpp"
#include "socle/net/topologies/topologies.hpp"

namespace socle::api {
namespace {

constexpr int kCalibratedHops = 4;   // links that a message crossed where latencies were measured: leaf, spine, leaf

/// What an endpoint can send across the fabric, all at once, over the bandwidth of its NIC.
double taper(const net::FabricSpec& spec, const net::FabricParts& parts) {
  // A torus injects over all links of its router at once, and its bisection is a share of that.
  const double injected = spec.topology == "torus" ? static_cast<double>(parts.switches.front().ports - 1) : 1.0;
  return std::min(1.0, parts.bisection * injected);
}

}  // namespace

std::unique_ptr<const comm::Network> network_for(const net::FabricSpec& spec, const train::Machine& machine) {
  const auto parts = net::find_topology(spec.topology)->size(spec);
  SOCLE_CHECK(static_cast<bool>(parts), "the fabric can be built");
  const train::MachineSpec& of = machine.spec();
  const double slowdown = machine.stack().network * of.calibration.network;
  const Seconds detour = spec.hop_latency * static_cast<double>(parts->hops_max - kCalibratedHops);
  return std::make_unique<const comm::ClosedFormNetwork>(
      machine.scale_up(), comm::ScaleOut{.bandwidth_per_chip = of.nic_per_chip * (of.nic_fraction / slowdown * taper(spec, *parts)),
                                         .latency = std::max(of.nic_latency + detour, spec.hop_latency), .domain = of.scale_up_domain});
}

train::Machine machine_on(const net::FabricSpec& spec, const train::Machine& machine) {
  train::Machine copy(machine.spec(), machine.kernels());
  auto network = network_for(spec, copy);
  return std::move(copy).with_network(std::move(network));
}

}  // namespace socle::api
