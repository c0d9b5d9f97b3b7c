#include "socle/machine/fabric_machine.hpp"

#include <algorithm>
#include <numeric>

#include "socle/base/check.hpp"
#include "socle/comm/flow_network.hpp"
#include "socle/net/scale_up_domains.hpp"
#include "socle/net/topologies/topologies.hpp"

namespace socle::machine {
namespace {

constexpr int kCalibratedHops = 4;  // links that a message crossed where latencies were measured: leaf, spine, leaf

/// What an endpoint can send across the fabric, all at once, over the bandwidth of its NIC.
double taper(const net::FabricSpec& spec, const net::FabricParts& parts) {
  // A torus injects over all links of its router at once, and its bisection is a share of that.
  const double injected = spec.topology == "torus" ? static_cast<double>(parts.switches.front().ports - 1) : 1.0;
  return std::min(1.0, parts.bisection * injected);
}

}  // namespace

std::unique_ptr<const comm::Network> network_for(const net::FabricSpec& spec, const Machine& machine) {
  const auto parts = net::find_topology(spec.topology)->size(spec);
  SOCLE_CHECK(static_cast<bool>(parts), "the fabric can be built");
  const MachineSpec& of = machine.spec();
  const double slowdown = machine.stack().network * of.calibration.network;
  const Seconds detour = spec.hop_latency * static_cast<double>(parts->hops_max - kCalibratedHops);
  return std::make_unique<const comm::ClosedFormNetwork>(
      machine.scale_up(),
      comm::ScaleOut{.bandwidth_per_chip = of.nic_per_chip * (of.nic_fraction / slowdown * taper(spec, *parts)),
                     .latency = std::max(of.nic_latency + detour, spec.hop_latency),
                     .domain = of.scale_up_domain});
}

Machine machine_on(const net::FabricSpec& spec, const Machine& machine) {
  Machine copy(machine.spec(), machine.kernels());
  auto network = network_for(spec, copy);
  return std::move(copy).with_network(std::move(network));
}

Machine flow_machine_on(const net::FabricSpec& spec, const Machine& machine) {
  Machine copy(machine.spec(), machine.kernels());
  const MachineSpec& of = copy.spec();
  net::FabricSpec reached = spec;
  reached.link = spec.link * std::min(1.0, of.nic_fraction / (copy.stack().network * of.calibration.network));
  if (!(reached.scale_up > BytesPerSecond{})) reached.scale_up = of.chip.scale_up_bandwidth.value_or(of.nic_per_chip);
  if (reached.scale_up_domain % std::max(1u, reached.rails) != 0) reached.scale_up_domain = reached.rails;
  reached.rail_forwarding = spec.rail_forwarding || spec.topology == "rail-only";
  comm::PlacedFabric fabric{
      .topology = net::build_fabric(reached),
      .routing = {.routing = net::Routing::kSpray},
      .failed = {},
      .jobs = {},
      .software_latency = std::max(of.nic_latency - spec.hop_latency * static_cast<double>(kCalibratedHops), Seconds{}),
      .nic = reached.link};
  fabric.jobs.emplace_back(spec.endpoints);
  std::iota(fabric.jobs.front().begin(), fabric.jobs.front().end(), 0u);
  auto network = std::make_unique<const comm::FlowNetwork>(copy.scale_up(), of.scale_up_domain, std::move(fabric));
  return std::move(copy).with_network(std::move(network));
}

}  // namespace socle::machine
