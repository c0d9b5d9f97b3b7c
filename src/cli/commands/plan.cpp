#include "cli/commands/commands.hpp"
#include "cli/numbers.hpp"
#include "cli/progress.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog_api.hpp"
#include "socle/api/face.hpp"
#include "socle/api/plan_api.hpp"
#include "socle/api/scenario_flags.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments) {
  api::PlanRequest request;
  read_scenario_arguments(arguments, request);
  request.json = arguments.has("--json");
  request.threads = thread_count(arguments);
  const auto catalog = api::load_catalog(arguments.text("--catalog"));
  const Progress progress("searching layouts of every candidate");
  const api::PlanAnswer answer = api::plan(catalog, request);
  return {answer.text, answer.feasible ? kAnswer : kNoFeasiblePlan, {}};
}

}  // namespace

Command plan_command() {
  std::vector<Option> options{{"--json", "", "Print one JSON document instead of tables"},
                              {"--threads", "N", "Threads; default: all cores. The answer does not depend on it"},
                              {"--catalog", "DIR", "Lay the TOML files below DIR over the built-in catalogue"}};
  for (const api::ScenarioFlag& flag : api::scenario_flags()) options.push_back({flag.name, flag.value_name, flag.help});
  return {
      .words_name = "[SCENARIO.toml]",
      .words_max = 1,
      .options = options,
      .example = "socle plan examples/plan-70b.toml",
      .run = run,
  };
}

}  // namespace socle::cli
