#include "cli/commands/fabric_design.hpp"

#include "cli/numbers.hpp"
#include "cli/progress.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog_api.hpp"
#include "socle/api/fabric_design_api.hpp"

namespace socle::cli {

Outcome run_fabric_design(const Arguments& arguments) {
  Arguments rest = arguments;
  rest.words.erase(rest.words.begin());
  if (rest.words.size() > 1) throw InputError(Problem{{}, 0, 0, {}, "socle fabric design reads one scenario; name one file, or leave it out and give --hosts, --nics and --link"});
  api::FabricDesignRequest request;
  read_scenario_arguments(rest, request);
  for (const api::ScenarioFlag& flag : api::fabric_design_flags()) {
    if (const auto value = rest.value(flag.name)) request.flags[flag.name] = *value;
  }
  request.json = rest.has("--json");
  request.threads = thread_count(rest);
  const auto catalog = api::load_catalog(rest.text("--catalog"));
  const Progress progress("measuring failures and steps of every fabric");
  const api::FabricDesignAnswer answer = api::design_fabric(catalog, request);
  return {answer.text, answer.feasible ? kAnswer : kNoFeasiblePlan, {}};
}

std::vector<Option> fabric_design_options() {
  std::vector<Option> options;
  for (const api::ScenarioFlag& flag : api::fabric_design_flags()) options.push_back({flag.name, flag.value_name, flag.help});
  for (const api::ScenarioFlag& flag : api::scenario_flags()) options.push_back({flag.name, flag.value_name, flag.help});
  return options;
}

}  // namespace socle::cli
