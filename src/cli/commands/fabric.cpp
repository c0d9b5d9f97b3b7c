#include <algorithm>

#include "cli/commands/commands.hpp"
#include "cli/commands/fabric_calibrate.hpp"
#include "cli/commands/fabric_design.hpp"
#include "cli/numbers.hpp"
#include "cli/progress.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog_api.hpp"
#include "socle/api/fabric_simulate.hpp"

namespace socle::cli {
namespace {

/// The arguments without their first word, which named what to do.
Arguments after_verb(Arguments arguments) {
  arguments.words.erase(arguments.words.begin());
  return arguments;
}

Outcome run_simulate(const Arguments& arguments) {
  if (arguments.words.size() > 1) throw InputError(Problem{{}, 0, 0, {}, "fabric simulate takes one scenario; name one file"});
  api::FabricRequest request;
  read_scenario_arguments(arguments, request);
  request.json = arguments.has("--json");
  request.flows = arguments.has("--flows");
  request.links = arguments.has("--links");
  request.trace = arguments.has("--trace");
  request.picture = arguments.has("--svg");
  request.chart = arguments.has("--chart");
  request.threads = thread_count(arguments);
  api::FabricAnswer answer;
  {
    const Progress progress("simulating flows");
    answer = api::simulate_fabric(api::load_catalog(arguments.text("--catalog")), request);
  }
  const std::pair<const char*, const std::string*> files[] = {{"--flows", &answer.flows}, {"--links", &answer.links}, {"--trace", &answer.trace}, {"--svg", &answer.picture}, {"--chart", &answer.chart}};
  for (const auto& [option, content] : files) {
    if (arguments.has(option)) write_file(arguments.text(option), *content);
  }
  return {answer.text, answer.complete ? kAnswer : kNoFeasiblePlan, {}};
}

Outcome run(const Arguments& arguments) {
  const std::string verb = arguments.words.empty() ? std::string() : arguments.words.front();
  if (verb == "simulate") return run_simulate(after_verb(arguments));
  if (verb == "design") return run_fabric_design(arguments);
  if (verb == "calibrate") return run_fabric_calibrate(arguments);
  throw InputError(Problem{{}, 0, 0, {}, (verb.empty() ? "say what to do" : "\"" + verb.substr(0, 40) + "\" is no question to a network") + "; write socle fabric design, simulate or calibrate"});
}

std::vector<Option> options() {
  std::vector<Option> list{{"--json", "", "Print one JSON document instead of tables"},
                           {"--flows", "OUT.csv", "simulate: write one line per message"},
                           {"--links", "OUT.csv", "simulate: write one line per link, with its utilisation"},
                           {"--trace", "OUT.json", "simulate: write messages as a Chrome trace; Perfetto opens it"},
                           {"--svg", "OUT.svg", "simulate: draw the network, links coloured by utilisation"},
                           {"--chart", "OUT.svg", "simulate: draw bus bandwidth against message size (--sizes)"},
                           {"--threads", "N", "Threads; default: all cores. The answer does not depend on it"},
                           {"--catalog", "DIR", "Lay the TOML files below DIR over the built-in catalogue"}};
  // The three questions share flags of one spelling; the first to name one describes it.
  const auto add = [&list](const std::string& name, const std::string& value_name, const std::string& help) {
    if (std::none_of(list.begin(), list.end(), [&](const Option& known) { return known.name == name; })) list.push_back({name, value_name, help});
  };
  for (const api::FabricFlag& flag : api::fabric_flags()) add(flag.flag, flag.value_name, flag.help);
  for (const Option& option : fabric_design_options()) add(option.name, option.value_name, option.help);
  for (const Option& option : fabric_calibrate_options()) add(option.name, option.value_name, option.help);
  return list;
}

}  // namespace

Command fabric_command() {
  return {
      .words_name = "design|simulate [SCENARIO.toml] | calibrate LOG...",
      .words_max = 1000,
      .options = options(),
      .example = "socle fabric simulate --hosts 128 --traffic all-reduce --bytes \"1 GB\" --svg network.svg",
      .run = run,
  };
}

}  // namespace socle::cli
