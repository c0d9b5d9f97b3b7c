#pragma once

#include <string>
#include <vector>

#include "cli/args.hpp"

namespace socle::cli {

/// --help of a command, or of the program when `path` is empty; `all` shows the options that are rarely needed too.
std::string help_text(const std::vector<NamedCommand>& commands, const std::vector<const NamedCommand*>& path, bool all,
                      int width);

/// Headings of a command's options, in the order in which they first stand.
std::vector<std::string> groups_of(const Command& command);

inline constexpr const char* kExitCodes =
    "Exit codes: 0 answer, 1 no feasible plan, 2 bad input, 70 internal error, 130 interrupted.";

}  // namespace socle::cli
