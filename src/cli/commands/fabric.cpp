#include <algorithm>

#include "cli/commands/commands.hpp"
#include "cli/commands/fabric_calibrate.hpp"
#include "cli/commands/fabric_design.hpp"
#include "socle/api/face.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments) {
  const std::string question = arguments.words.empty() ? std::string() : arguments.words.front();
  if (question == "design") return run_fabric_design(arguments);
  if (question == "calibrate") return run_fabric_calibrate(arguments);
  throw InputError(Problem{{}, 0, 0, {}, question.empty() ? "say what to do: socle fabric design, or socle fabric calibrate"
                                                          : "\"" + question.substr(0, 40) + "\" is no question to a fabric; write design or calibrate"});
}

}  // namespace

Command fabric_command() {
  std::vector<Option> options{{"--json", "", "Print one JSON document instead of tables"},
                              {"--threads", "N", "Threads; default: all cores. The answer does not depend on it"},
                              {"--catalog", "DIR", "Lay the TOML files below DIR over the built-in catalogue"}};
  for (const Option& option : fabric_design_options()) options.push_back(option);
  for (const Option& option : fabric_calibrate_options()) options.push_back(option);
  return {
      .words_name = "design [SCENARIO.toml] | calibrate LOG...",
      .words_max = 1000,
      .options = options,
      .example = "socle fabric design examples/fabric-2048.toml",
      .run = run,
  };
}

}  // namespace socle::cli
