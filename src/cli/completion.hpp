#pragma once

#include <string>
#include <vector>

#include "cli/args.hpp"

namespace socle::cli {

/// Scripts that complete commands, options and their values, from the same tables as --help.
std::string bash_completion(const std::vector<NamedCommand>& commands);
std::string zsh_completion(const std::vector<NamedCommand>& commands);
std::string fish_completion(const std::vector<NamedCommand>& commands);

}  // namespace socle::cli
