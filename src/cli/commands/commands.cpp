#include "cli/commands/commands.hpp"

#include "cli/commands/cost.hpp"
#include "cli/commands/fabric.hpp"
#include "cli/commands/migrate.hpp"
#include "cli/commands/risk.hpp"
#include "cli/commands/serve.hpp"

namespace socle::cli {

Command fabric_command() { return {.examples = {"socle fabric simulate --help"}}; }

std::vector<NamedCommand> all_commands() {
  std::vector<NamedCommand> commands{
#define SOCLE_COMMAND(function, name, help) {name, help, function()},
#include "cli/commands/commands.def"
#undef SOCLE_COMMAND
  };
  for (NamedCommand& command : commands) {
    if (command.name == "fabric") command.children = fabric_questions();
    if (command.name == "risk") command.children = risk_questions();
    if (command.name == "serve") command.children = serve_questions();
    if (command.name == "cost") command.children = cost_questions();
    if (command.name == "migrate") command.children = migrate_questions();
  }
  return commands;
}

}  // namespace socle::cli
