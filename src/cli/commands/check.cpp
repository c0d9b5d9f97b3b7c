#include "cli/commands/commands.hpp"
#include "cli/files.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/scenario_file.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context&) {
  if (arguments.words.empty() || arguments.words.front().empty()) {
    throw InputError(Problem{{}, 0, 0, {}, "name a scenario, such as: socle check examples/plan-70b.toml"});
  }
  const Files files(arguments, {});
  const std::string& name = arguments.words.front();
  const api::Request request{.scenario_text = files.read(name), .scenario_name = name, .read_file = files.beside(name)};
  const api::CheckAnswer answer = api::check_scenario(api::load_catalog(arguments.text("--catalog")), request);
  return {arguments.has("--json") ? api::json(answer) : api::text(answer)};
}

}  // namespace

Command check_command() {
  return {.words_name = "SCENARIO.toml",
          .words_max = 1,
          .options = {json_option(), catalog_option()},
          .examples = {"socle check examples/plan-70b.toml"},
          .run = run};
}

}  // namespace socle::cli
