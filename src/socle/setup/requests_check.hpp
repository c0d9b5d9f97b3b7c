#pragma once

#include "socle/scenario/scenario.hpp"

namespace socle::setup {

/// Throws InputError with every key of [requests] that contradicts another or lacks one that it needs, whether they
/// come from the file or from flags.
void check_requests(const scenario::Scenario& scenario);

}  // namespace socle::setup
