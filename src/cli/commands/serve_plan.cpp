#include "cli/commands/serve.hpp"
#include "cli/numbers.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/serve.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context& context) {
  const Files files(arguments, {});
  const api::Request request = scenario_request(arguments, scenario::Question::kServe, files);
  const api::ServePlanRequest plan{.chips = arguments.text("--among"),
                                   .rents = arguments.text("--rents"),
                                   .formats = arguments.text("--formats"),
                                   .goal = arguments.text("--goal"),
                                   .spare = arguments.text("--spare"),
                                   .stock = arguments.text("--stock"),
                                   .apart = arguments.has("--apart"),
                                   .own_limits = arguments.has("--own-limits"),
                                   .threads = thread_count(arguments)};
  const api::ServePlanAnswer answer = api::serve_plan(api::load_catalog(arguments.text("--catalog")), request, plan,
                                                      arguments.text("--assume"), &context.progress);
  return {arguments.has("--json") ? api::json(answer) : api::text(answer),
          api::holds(answer) ? kAnswer : kNoFeasiblePlan};
}

}  // namespace

Command serve_plan_command() {
  std::vector<Option> options = scenario_options(scenario::Question::kServe);
  options.push_back({"--among", "LIST", "Candidates, such as h100-sxm,h20; default: the scenario's chip", "Plan"});
  options.push_back({"--rents", "LIST", "Rent of a chip and hour, one for each candidate or one for all", "Plan"});
  options.push_back({"--formats", "LIST", "Formats of weights tried beside each other, such as bf16,fp8", "Plan"});
  options.push_back({"--goal",
                     "GOAL",
                     "Lowest of: chips, price, power; default: price where rents are stated",
                     "Plan",
                     true,
                     {},
                     {"chips", "price", "power"}});
  options.push_back({"--spare", "N", "Replicas beyond those that the rate needs; default 0", "Plan"});
  options.push_back(
      {"--stock", "LIST", "Chips that there are of each candidate, such as 64,128: kinds are mixed", "Plan"});
  options.push_back(
      {"--apart", "", "Also fleets whose prompts are computed apart from decodes, each side its own", "Plan"});
  options.push_back({"--own-limits", "", "Only the engine's own limits of a step", "Plan", false});
  options.push_back(assume_option());
  for (Option& option : common_options()) options.push_back(std::move(option));
  return {.words_name = "[SCENARIO.toml]",
          .words_max = 1,
          .options = std::move(options),
          .examples = {"socle serve plan --model llama-3.1-70b --among h100-sxm,h200-sxm,h20 --rate 20 --slo-ttft 1s "
                       "--slo-tpot 40ms",
                       "socle serve plan examples/serve-chat.toml --rents \"2 USD\""},
          .run = run};
}

}  // namespace socle::cli
