#pragma once

#include <vector>

#include "cli/args.hpp"

namespace socle::cli {

/// What can be asked of `socle risk` besides a training job: each in a file of its own.
Command risk_serve_command();
Command risk_rollout_command();
Command risk_incident_command();
Command risk_transfer_command();

std::vector<NamedCommand> risk_questions();

}  // namespace socle::cli
