#pragma once

#include <vector>

#include "cli/args.hpp"

namespace socle::cli {

/// `calibrate LOG...`: fits a user's own nccl-tests logs; with `--out DIR` writes an overlay for `--catalog DIR`.
/// Requires: the first word is "calibrate". Throws InputError for bad logs and options.
Outcome run_fabric_calibrate(const Arguments& arguments);

/// The options it reads, for the command that offers it.
std::vector<Option> fabric_calibrate_options();

}  // namespace socle::cli
