#pragma once

#include <vector>

#include "cli/args.hpp"
#include "cli/files.hpp"
#include "socle/api/keys.hpp"
#include "socle/api/request.hpp"

namespace socle::cli {

/// The flags of a scenario that act on a question, grouped as people look for them.
std::vector<Option> scenario_options(scenario::Question question);

/// The options that every command on a scenario has: --json, --threads, --catalog.
std::vector<Option> common_options();

/// The file's text and name, the flags, and how to read files beside it. Requires: `files` outlives the request.
api::Request scenario_request(const Arguments& arguments, scenario::Question question, const Files& files);

}  // namespace socle::cli
