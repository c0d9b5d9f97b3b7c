#pragma once

#include "socle/answer/serve/fit.hpp"
#include "socle/serve/kv_transfer.hpp"
#include "socle/setup/deployment.hpp"
#include "socle/setup/serve_simulation_setup.hpp"

namespace socle::answer {

/// Replicas that compute prompts apart from those that decode.
struct PrefillSide {
  int replicas = 1;
  FitRow row;                    ///< their layout, and whether the model fits on it
  setup::Deployment deployment;  ///< where it fits
  serve::TransferLinks links{};
  Bytes cache_per_token{};  ///< that goes over the links
  int chips() const { return row.layout.chips() * replicas; }
};

/// The side that a setup asks for. Throws InputError for a layout that cannot be. Requires: setup.prefill is set.
PrefillSide prefill_side(const setup::ServeSimulationSetup& setup, const workload::ServingLayout& decode,
                         const machine::MachineSpec& spec);

}  // namespace socle::answer
