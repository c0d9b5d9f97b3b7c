#pragma once

#include <vector>

#include "cli/args.hpp"
#include "cli/files.hpp"
#include "socle/api/request.hpp"

namespace socle::cli {

/// fit, plan, mix, day, emit, calibrate.
std::vector<NamedCommand> serve_questions();

/// `fit [SCENARIO.toml]`: weights, cache, tokens and sequences that fit, under an engine.
Command serve_fit_command();

/// `plan [SCENARIO.toml]`: chips, layout, formats, limits and replicas of lowest cost that keep the objectives.
Command serve_plan_command();

/// `day SCENARIO.toml...`: replicas that follow a day's traffic, of one model or several on one pool.
Command serve_day_command();

/// `calibrate LOG...`: fits the engine on results of load generators.
Command serve_calibrate_command();

/// `emit vllm|sglang|trtllm|k8s [SCENARIO.toml]`: the launch command of a configuration that fits.
Command serve_emit_command();

/// `mix MIX.csv`: which chips, how many of each, serve buckets of requests at the least price.
Command serve_mix_command();

/// A launch command that says what a scenario and its flags leave out.
Option from_option();
void read_from(const Arguments& arguments, const Files& files, api::Request& request);

/// Facts of chips that are supposed.
Option assume_option();

}  // namespace socle::cli
