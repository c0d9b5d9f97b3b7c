#pragma once

#include <vector>

#include "cli/args.hpp"

namespace socle::cli {

/// `design [SCENARIO.toml]`: every sensible fabric for a scenario's hosts. Requires: the first word is "design".
/// Throws InputError for bad input.
Outcome run_fabric_design(const Arguments& arguments);

/// The options it reads, for the command that offers it.
std::vector<Option> fabric_design_options();

}  // namespace socle::cli
