#include "cli/commands/serve.hpp"
#include "cli/numbers.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/serve.hpp"

namespace socle::cli {
namespace {

/// One request for each scenario, all with the same flags; flags alone are one, too.
std::vector<api::Request> requests_of(const Arguments& arguments, const Files& files) {
  std::vector<std::string> scenarios = arguments.words;
  if (scenarios.empty()) scenarios.emplace_back();
  std::vector<api::Request> requests;
  for (const std::string& scenario : scenarios) {
    Arguments one = arguments;
    one.words.clear();
    if (!scenario.empty()) one.words.push_back(scenario);
    requests.push_back(scenario_request(one, scenario::Question::kServe, files));
  }
  return requests;
}

Outcome run(const Arguments& arguments, Context& context) {
  const Files files(arguments, {"--svg"});
  api::ServeDayRequest day{.policy = arguments.text("--policy"),
                           .least = arguments.text("--least"),
                           .spare = arguments.text("--spare"),
                           .pool = arguments.text("--pool"),
                           .image = arguments.text("--image"),
                           .load = arguments.text("--load"),
                           .warm_up = arguments.text("--warm-up"),
                           .idle = {},
                           .idle_restart = arguments.text("--idle-restart"),
                           .threads = thread_count(arguments)};
  if (const std::string idle = arguments.text("--idle"); !idle.empty())
    day.idle = api::Request{.scenario_text = files.read(idle), .scenario_name = idle, .read_file = files.beside(idle)};
  const api::ServeDayAnswer answer =
      api::serve_day(api::load_catalog(arguments.text("--catalog")), requests_of(arguments, files), day,
                     arguments.text("--assume"), &context.progress);
  Outcome outcome{arguments.has("--json") ? api::json(answer) : api::text(answer),
                  api::holds(answer) ? kAnswer : kNoFeasiblePlan};
  if (api::holds(answer) && files.wants("--svg")) outcome.files.push_back(files.file("--svg", api::day_svg(answer)));
  return outcome;
}

}  // namespace

Command serve_day_command() {
  std::vector<Option> options = scenario_options(scenario::Question::kServe);
  options.push_back({"--policy",
                     "POLICY",
                     "How replicas follow the traffic: forecast (default) or reactive, as an autoscaler",
                     "Day",
                     true,
                     {},
                     {"forecast", "reactive"}});
  options.push_back({"--least", "N", "Replicas that always run; default 1", "Day"});
  options.push_back({"--spare", "N", "Replicas beyond those that the rate needs; default 0", "Day"});
  options.push_back({"--image", "TIME", "Until the processes of a new replica run; default 60 s", "Day"});
  options.push_back({"--load", "RATE", "At which a node reads weights; default 2 GB/s", "Day"});
  options.push_back({"--warm-up", "TIME", "Of a new replica, after its weights are there; default 60 s", "Day"});
  options.push_back({"--pool", "N", "Chips that there are; default: as many as the day needs", "Day"});
  options.push_back({"--idle", "TRAIN.toml", "A job of training that gets the chips that are free", "Day"});
  options.push_back({"--idle-restart", "TIME", "What it loses each time that it starts; default 15 min", "Day"});
  options.push_back({"--svg", "FILE.svg", "Draw chips over the day", "Output"});
  options.push_back(assume_option());
  for (Option& option : common_options()) options.push_back(std::move(option));
  return {.words_name = "[SCENARIO.toml]...",
          .words_max = 16,
          .options = std::move(options),
          .examples = {"socle serve day examples/serve-day.toml",
                       "socle serve day examples/serve-day.toml examples/serve-day-code.toml --idle "
                       "examples/train-at-night.toml"},
          .run = run};
}

}  // namespace socle::cli
