#include "cli/commands/commands.hpp"
#include "socle/api/scenario_file.hpp"

namespace socle::cli {
namespace {

std::string names_joined(const char* by) {
  std::string names;
  for (const std::string& name : api::template_names()) names += (names.empty() ? "" : by) + name;
  return names;
}

Outcome run(const Arguments& arguments, Context&) {
  if (arguments.words.empty()) {
    throw InputError(Problem{{}, 0, 0, {}, "say for which question: socle init " + names_joined(", ")});
  }
  return {.text = api::scenario_template(arguments.words.front()), .verbatim = true};
}

}  // namespace

Command init_command() {
  return {.words_name = names_joined("|"), .words_max = 1, .examples = {"socle init train > job.toml"}, .run = run};
}

}  // namespace socle::cli
