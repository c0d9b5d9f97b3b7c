#pragma once

#include "socle/scenario/scenario.hpp"
#include "socle/setup/requests_setup.hpp"
#include "socle/setup/serve_setup.hpp"

namespace socle::setup {

/// Adapters as the engine holds them, every default filled in and said. Throws InputError for what the engine cannot
/// have.
void set_up_adapters(const scenario::Scenario& scenario, ServeSetup& setup);

/// Gives the requests their adapters. Nothing without [serving.lora].
void give_adapters(const scenario::Scenario& scenario, const ServeSetup& serve, RequestsSetup& requests);

/// Time to copy one adapter to the chips of a replica: out of the host's memory, matrix by matrix over the link of each
/// chip; or from disk first. Estimates: 10 us a matrix, 2 GB/s from disk (one drive).
struct AdapterCopies {
  Seconds from_host{}, from_disk{};
};
AdapterCopies adapter_copies(const ServeSetup& setup, const workload::ServingLayout& layout);

}  // namespace socle::setup
