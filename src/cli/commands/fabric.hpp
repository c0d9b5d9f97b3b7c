#pragma once

#include <vector>

#include "cli/args.hpp"

namespace socle::cli {

/// design, simulate, calibrate.
std::vector<NamedCommand> fabric_questions();

/// `calibrate LOG...`: fits a user's own nccl-tests logs; with `--out DIR` writes an overlay for `--catalog DIR`.
Command calibrate_command();

}  // namespace socle::cli
