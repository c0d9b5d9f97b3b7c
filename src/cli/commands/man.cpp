#include "cli/man.hpp"

#include "cli/commands/commands.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments&, Context&) { return {man_page(all_commands())}; }

}  // namespace

Command man_command() { return {.examples = {"socle man | man -l -"}, .run = run}; }

}  // namespace socle::cli
