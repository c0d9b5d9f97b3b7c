#include "cli/commands/fabric.hpp"

#include <variant>

#include "cli/commands/commands.hpp"
#include "cli/numbers.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/fabric.hpp"

namespace socle::cli {
namespace {

Outcome run_simulate(const Arguments& arguments, Context& context) {
  const Files files(arguments, {"--flows", "--links", "--trace", "--svg", "--chart"});
  const api::Request request = scenario_request(arguments, scenario::Question::kSimulate, files);
  const api::SimulateFiles wanted{.flows = files.wants("--flows"),
                                  .links = files.wants("--links"),
                                  .trace = files.wants("--trace"),
                                  .picture = files.wants("--svg"),
                                  .chart = files.wants("--chart")};
  const api::FabricAnswer answer = api::simulate_fabric(api::load_catalog(arguments.text("--catalog")), request, wanted,
                                                        {.threads = thread_count(arguments)}, &context.progress);
  Outcome outcome{arguments.has("--json") ? api::json(answer) : api::text(answer),
                  api::holds(answer) ? kAnswer : kNoFeasiblePlan};
  const auto* exchange = std::get_if<api::SimulateAnswer>(&answer);
  const auto add = [&](const char* option, std::string (*content)(const api::SimulateAnswer&)) {
    if (exchange && files.wants(option)) outcome.files.push_back(files.file(option, content(*exchange)));
  };
  add("--flows", api::flows_csv);
  add("--links", api::links_csv);
  add("--trace", api::flows_trace);
  add("--svg", api::network_svg);
  add("--chart", api::sizes_svg);
  return outcome;
}

Command simulate_command() {
  std::vector<Option> options = scenario_options(scenario::Question::kSimulate);
  options.push_back({"--flows", "OUT.csv", "Write one line per message"});
  options.push_back({"--links", "OUT.csv", "Write one line per link, with its utilisation"});
  options.push_back({"--trace", "OUT.json", "Write messages as a Chrome trace; Perfetto opens it"});
  options.push_back({"--svg", "OUT.svg", "Draw the network, links coloured by utilisation"});
  options.push_back({"--chart", "OUT.svg", "Draw bus bandwidth against message size (--sizes)"});
  for (Option& option : common_options()) options.push_back(std::move(option));
  return {.words_name = "[SCENARIO.toml]",
          .words_max = 1,
          .options = std::move(options),
          .examples = {"socle fabric simulate --hosts 128 --traffic all-reduce --bytes \"1 GB\" --svg network.svg"},
          .run = run_simulate};
}

Outcome run_design(const Arguments& arguments, Context& context) {
  const Files files(arguments, {});
  const api::Request request = scenario_request(arguments, scenario::Question::kDesign, files);
  const api::DesignAnswer answer = api::design_fabric(api::load_catalog(arguments.text("--catalog")), request,
                                                      {.threads = thread_count(arguments)}, &context.progress);
  return {arguments.has("--json") ? api::json(answer) : api::text(answer),
          answer.result.feasible() ? kAnswer : kNoFeasiblePlan};
}

Command design_command() {
  std::vector<Option> options = scenario_options(scenario::Question::kDesign);
  for (Option& option : common_options()) options.push_back(std::move(option));
  return {.words_name = "[SCENARIO.toml]",
          .words_max = 1,
          .options = std::move(options),
          .examples = {"socle fabric design --hosts 256 --nics 8 --link \"400 Gb/s\""},
          .run = run_design};
}

}  // namespace

std::vector<NamedCommand> fabric_questions() {
  return {
      {"design", "Every sensible network for so many hosts: parts, price, power, failures, step time.",
       design_command()},
      {"simulate", "An exchange on a network: time, bandwidth, hot links, collisions, failures.", simulate_command()},
      {"calibrate", "Start, bandwidth and half-size of collectives from your own nccl-tests logs.",
       calibrate_command()}};
}

}  // namespace socle::cli
