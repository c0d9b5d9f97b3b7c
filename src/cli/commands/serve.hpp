#pragma once

#include <vector>

#include "cli/args.hpp"

namespace socle::cli {

/// fit, plan, calibrate.
std::vector<NamedCommand> serve_questions();

/// `fit [SCENARIO.toml]`: weights, cache, tokens and sequences that fit, under an engine.
Command serve_fit_command();

/// `plan [SCENARIO.toml]`: chips, layout, formats, limits and replicas of lowest cost that keep the objectives.
Command serve_plan_command();

/// `calibrate LOG...`: fits the engine on results of load generators.
Command serve_calibrate_command();

/// Facts of chips that are supposed.
Option assume_option();

}  // namespace socle::cli
