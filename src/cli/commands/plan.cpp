#include "socle/api/plan.hpp"
#include "cli/commands/commands.hpp"
#include "cli/numbers.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context& context) {
  const Files files(arguments, {});
  const api::Request request = scenario_request(arguments, scenario::Question::kPlan, files);
  const api::PlanAnswer answer = api::plan(api::load_catalog(arguments.text("--catalog")), request,
                                           {.threads = thread_count(arguments)}, &context.progress);
  return {arguments.has("--json") ? api::json(answer) : api::text(answer),
          answer.result.plan.winner ? kAnswer : kNoFeasiblePlan};
}

}  // namespace

Command plan_command() {
  std::vector<Option> options = scenario_options(scenario::Question::kPlan);
  for (Option& option : common_options()) options.push_back(std::move(option));
  return {.words_name = "[SCENARIO.toml]",
          .words_max = 1,
          .options = std::move(options),
          .examples = {"socle plan examples/plan-70b.toml"},
          .run = run};
}

}  // namespace socle::cli
