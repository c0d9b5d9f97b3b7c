#include "socle/api/train.hpp"
#include "cli/commands/commands.hpp"
#include "cli/numbers.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context& context) {
  const Files files(arguments, {"--timeline"});
  const api::Request request = scenario_request(arguments, scenario::Question::kTrain, files);
  const answer::TrainOptions options{.explain = arguments.has("--explain"), .threads = thread_count(arguments)};
  const api::TrainAnswer answer =
      api::train(api::load_catalog(arguments.text("--catalog")), request, options, &context.progress);
  Outcome outcome{arguments.has("--json") ? api::json(answer) : api::text(answer),
                  api::holds(answer) ? kAnswer : kNoFeasiblePlan};
  if (files.wants("--timeline") && answer.result)
    outcome.files.push_back(files.file("--timeline", api::timeline(answer)));
  return outcome;
}

}  // namespace

Command train_command() {
  std::vector<Option> options = scenario_options(scenario::Question::kTrain);
  options.push_back({"--explain", "", "Which assumptions move the answer most"});
  options.push_back({"--timeline", "OUT.json", "Write the step as a Chrome trace; Perfetto opens it"});
  for (Option& option : common_options()) options.push_back(std::move(option));
  return {.words_name = "[SCENARIO.toml]",
          .words_max = 1,
          .options = std::move(options),
          .examples = {"socle train --model llama-3-70b --cluster hgx-h100:8 --tokens 1T --tp 4",
                       "socle train examples/llama-3.1-405b.toml --explain"},
          .run = run};
}

}  // namespace socle::cli
