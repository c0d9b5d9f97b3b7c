#include "socle/api/risk.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/risk.hpp"
#include "cli/numbers.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context& context) {
  const Files files(arguments, {"--svg"});
  const api::Request request = scenario_request(arguments, scenario::Question::kRisk, files);
  const api::RiskAnswer answer =
      api::risk(api::load_catalog(arguments.text("--catalog")), request, {.threads = thread_count(arguments)},
                &context.progress, arguments.text("--cut"));
  Outcome outcome{arguments.has("--json") ? api::json(answer) : api::text(answer),
                  api::holds(answer) ? kAnswer : kNoFeasiblePlan};
  if (files.wants("--svg") && answer.result) outcome.files.push_back(files.file("--svg", api::risk_svg(answer)));
  return outcome;
}

}  // namespace

std::vector<NamedCommand> risk_questions() {
  return {
      {"serve", "A serving fleet: availability, spares, zones, what goes with one part, the error budget.",
       risk_serve_command()},
      {"rollout", "A change: in which stages it should go out, what a bad one does; upgrades, mass restarts.",
       risk_rollout_command()},
      {"incident", "Public outages on your set-up: what would be lost, which control would have mattered.",
       risk_incident_command()},
      {"transfer", "Data that leaves a country: what it needs, nothing, a contract or an assessment; no legal advice.",
       risk_transfer_command()}};
}

Command risk_command() {
  std::vector<Option> options = scenario_options(scenario::Question::kRisk);
  options.push_back({"--cut", "KEY=VALUE@AMOUNT,...",
                     "Savings to weigh: keys of [risk] otherwise, with what each saves, such as hot_spares=16",
                     "Output"});
  options.push_back(
      {"--svg", "FILE.svg", "Draw where the time goes, days to finish, and the checkpoint interval", "Output"});
  for (Option& option : common_options()) options.push_back(std::move(option));
  return {.words_name = "[SCENARIO.toml]",
          .words_max = 1,
          .options = std::move(options),
          .examples = {"socle risk examples/risk-405b.toml --svg risk.svg",
                       "socle risk --cluster hgx-h100:128 --run '30 days' --checkpoint-bytes '1.2 TB'"},
          .run = run};
}

}  // namespace socle::cli
