#pragma once

// To add a subcommand `x`: write src/cli/commands/x.cpp with `Command x_command()` in namespace socle::cli (see
// catalog.cpp), and add one line to commands.def: SOCLE_COMMAND(x_command, "x", "One line of help."). It may include
// socle/api/ only. Return an Outcome (text, exit code, files); throw InputError for bad input; main.cpp does the rest.

#include <vector>

#include "cli/args.hpp"

namespace socle::cli {

#define SOCLE_COMMAND(function, name, help) Command function();
#include "cli/commands/commands.def"
#undef SOCLE_COMMAND

/// All subcommands, in the order of --help.
std::vector<NamedCommand> all_commands();

}  // namespace socle::cli
