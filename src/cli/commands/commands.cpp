#include "cli/commands/commands.hpp"

namespace socle::cli {

std::vector<NamedCommand> all_commands() {
  return {
#define SOCLE_COMMAND(function, name, help) {name, help, function()},
#include "cli/commands/commands.def"
#undef SOCLE_COMMAND
  };
}

}  // namespace socle::cli
