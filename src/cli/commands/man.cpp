#include "cli/man.hpp"

#include "cli/commands/commands.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments&, Context&) { return {.text = man_page(all_commands()), .verbatim = true}; }

}  // namespace

Command man_command() { return {.examples = {"socle man | man -l -"}, .run = run}; }

}  // namespace socle::cli
