#include "socle/api/compare.hpp"
#include "cli/commands/commands.hpp"
#include "cli/numbers.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context& context) {
  const Files files(arguments, {});
  const api::Request request = scenario_request(arguments, scenario::Question::kCompare, files);
  api::CompareQuestion question{
      .chips = arguments.has("--chips") ? split_list(arguments.text("--chips")) : std::vector<std::string>(),
      .count = {},
      .day = arguments.text("--day"),
      .assume = arguments.text("--assume"),
      .match = arguments.text("--match")};
  if (arguments.has("--count")) question.count = whole_number(arguments, "--count", 1, 1, api::kChipsMax);
  const api::CompareAnswer answer = api::compare(api::load_catalog(arguments.text("--catalog")), request, question,
                                                 {.threads = thread_count(arguments)}, &context.progress);
  return {arguments.has("--json") ? api::json(answer) : api::text(answer),
          answer.result.all_run() ? kAnswer : kNoFeasiblePlan};
}

}  // namespace

Command compare_command() {
  std::vector<Option> options{
      {"--chips", "A,B,C", "Chips to compare; the others are measured against the first", "Chips"},
      {"--count", "N", "Chips of each kind; default: the smallest number on which each that can runs the job", "Chips"},
      {"--match", "CHIP", "As many of each of the others as keep up with COUNT of this one", "Chips"},
      {"--assume", "CHIP.FACT=V,..", "Suppose facts that are not public, such as kunlunxin-p800.memory=\"64 GB\"",
       "Chips"},
      {"--day", "YYYY-MM-DD", "Export rules in force on this day; default: the newest known", "Chips"}};
  for (Option& option : scenario_options(scenario::Question::kCompare)) options.push_back(std::move(option));
  for (Option& option : common_options()) options.push_back(std::move(option));
  return {.words_name = "[SCENARIO.toml]",
          .words_max = 1,
          .options = std::move(options),
          .examples = {"socle compare --model llama-3-70b --chips h100-sxm,h20,ascend-910b"},
          .run = run};
}

}  // namespace socle::cli
