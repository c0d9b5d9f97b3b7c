#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "socle/comm/flow_network.hpp"
#include "socle/machine/machine.hpp"
#include "socle/setup/fabric_setup.hpp"

namespace socle::setup {

/// How the nodes of a job, and of equal jobs beside it, stand on a fabric.
struct JobPlacement {
  std::string name;                              ///< "packed", "interleaved" or "scattered"
  std::vector<std::vector<std::uint32_t>> jobs;  ///< endpoint of every rank, job by job
};

/// The fabric under a training job whose messages run through the flow simulation.
struct FlowSetup {
  FabricSetup fabric;
  std::string routing;               ///< one line
  JobPlacement placement;            ///< the run's own
  std::vector<JobPlacement> others;  ///< to compare with it, in order; empty unless asked for
};

/// The scenario's fabric as this machine's chips reach it: what calibration says about the chip's and the stack's
/// network holds here as for the closed forms. Throws InputError as set_up_fabric does, and for too few hosts.
FlowSetup set_up_flow(const catalog::Catalog& catalog, const scenario::Scenario& scenario, const FileReader& read_file,
                      const machine::Machine& machine, int chips);

/// The fabric as a flow network takes it, nodes placed like this.
comm::PlacedFabric placed_fabric(const FabricSetup& fabric, const JobPlacement& placement);

}  // namespace socle::setup
