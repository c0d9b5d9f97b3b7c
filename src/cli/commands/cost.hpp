#pragma once

#include <vector>

#include "cli/args.hpp"

namespace socle::cli {

/// `diff BEFORE.toml AFTER.toml`: what a change costs.
std::vector<NamedCommand> cost_questions();

}  // namespace socle::cli
