#pragma once

#include "socle/catalog/serving_timing.hpp"
#include "socle/machine/machine.hpp"
#include "socle/memory/serving_memory.hpp"
#include "socle/serve/kv_transfer.hpp"
#include "socle/serve/replica.hpp"
#include "socle/serve/step_model.hpp"
#include "socle/setup/serve_setup.hpp"
#include "socle/setup/serve_simulation_setup.hpp"

namespace socle::setup {

/// One replica of a served model, ready to be simulated.
struct Deployment {
  serve::Served served;
  serve::ReplicaOptions replica{};
  serve::EngineTiming timing{};
  catalog::ServingTiming facts;  ///< where `timing` comes from, with its ranges
  /// Stages of a pipeline work on as many batches at once: the replica is simulated as so many smaller ones.
  int batches = 1;
};

/// Requires: `memory` is that of the layout, with blocks.
Deployment deploy(const ServeSetup& setup, const workload::ServingLayout& layout, const memory::ServingMemory& memory,
                  const catalog::ServingTiming& timing);

/// The deployment of a simulation, with what it asks of caching, speculation and routing to experts.
Deployment deploy(const ServeSimulationSetup& setup, const workload::ServingLayout& layout,
                  const memory::ServingMemory& memory);

/// The same for replicas that only compute prompts: they guess nothing ahead.
Deployment deploy_prefill(const ServeSimulationSetup& setup, const workload::ServingLayout& layout,
                          const memory::ServingMemory& memory);

/// Links between replicas of these layouts: all NICs of a replica, and of one request those of the chips that hold its
/// cache, on the side that has fewer. `decode_spec`: of the decode side's chips.
serve::TransferLinks transfer_links(const workload::ServingLayout& prefill, const workload::ServingLayout& decode,
                                    const machine::MachineSpec& prefill_spec, const machine::MachineSpec& decode_spec);

}  // namespace socle::setup
