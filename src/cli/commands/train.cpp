#include "cli/commands/commands.hpp"
#include "cli/numbers.hpp"
#include "cli/progress.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog_api.hpp"
#include "socle/api/fabric_scenario.hpp"
#include "socle/api/face.hpp"
#include "socle/api/scenario_flags.hpp"
#include "socle/api/train_api.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments) {
  api::TrainRequest request;
  read_scenario_arguments(arguments, request);
  request.json = arguments.has("--json");
  request.explain = arguments.has("--explain");
  request.timeline = arguments.has("--timeline");
  request.threads = thread_count(arguments);
  const auto catalog = api::load_catalog(arguments.text("--catalog"));
  api::TrainAnswer answer;
  {
    const Progress progress("searching layouts");
    answer = api::train(catalog, request);
  }
  if (!answer.timeline.empty()) write_file(arguments.text("--timeline"), answer.timeline);
  return {answer.text, answer.feasible ? kAnswer : kNoFeasiblePlan, {}};
}

std::vector<Option> options() {
  std::vector<Option> list{{"--json", "", "Print one JSON document instead of tables"},
                           {"--timeline", "OUT.json", "Write the step as a Chrome trace; Perfetto opens it"},
                           {"--explain", "", "Which assumptions move the answer most"},
                           {"--threads", "N", "Threads; default: all cores. The answer does not depend on it"},
                           {"--catalog", "DIR", "Lay the TOML files below DIR over the built-in catalogue"}};
  for (const api::ScenarioFlag& flag : api::scenario_flags()) list.push_back({flag.name, flag.value_name, flag.help});
  for (const api::FabricFlag& flag : api::fabric_flags()) {
    if (flag.section == "fabric") list.push_back({flag.flag, flag.value_name, flag.help});
  }
  return list;
}

}  // namespace

Command train_command() {
  return {
      .words_name = "[SCENARIO.toml]",
      .words_max = 1,
      .options = options(),
      .example = "socle train --model llama-3-70b --cluster hgx-h100:8 --tokens 1T --tp 4",
      .run = run,
  };
}

}  // namespace socle::cli
