#pragma once

#include <memory>

#include "socle/machine/machine.hpp"
#include "socle/net/fabric_spec.hpp"

namespace socle::machine {

/// The network between the nodes of a machine when they hang at this fabric: closed forms on the bandwidth and latency
/// that the fabric gives. All traffic between nodes is taken to cross the narrowest tier at once (an upper bound of
/// contention): bandwidth = the machine's achieved NIC bandwidth x the fabric's bisection. The machine's latency holds
/// software and a fabric of two tiers (4 links); each link more or less adds or takes one hop. Requires: the fabric's
/// size is feasible; `machine.scale_up()` outlives the network.
std::unique_ptr<const comm::Network> network_for(const net::FabricSpec& spec, const Machine& machine);

/// The machine on that fabric, by the closed forms above: fast enough for a search.
Machine machine_on(const net::FabricSpec& spec, const Machine& machine);

/// The machine on the fabric as it is built: messages between domains run through the flow simulation, sprayed over all
/// minimal ways. Requires: the fabric can be built and has one endpoint for each of the job's chips, host by host.
Machine flow_machine_on(const net::FabricSpec& spec, const Machine& machine);

}  // namespace socle::machine
