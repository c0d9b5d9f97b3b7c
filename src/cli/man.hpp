#pragma once

#include <string>
#include <vector>

#include "cli/args.hpp"

namespace socle::cli {

/// The manual page socle(1) in roff, from the same tables as --help.
std::string man_page(const std::vector<NamedCommand>& commands);

}  // namespace socle::cli
