#include "socle/api/cost.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/cost.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog.hpp"

namespace socle::cli {
namespace {

api::CostRequest wanted_of(const Arguments& arguments, const Files& files) {
  api::CostRequest wanted;
  wanted.book_name = arguments.text("--book");
  if (!wanted.book_name.empty()) wanted.book_text = files.read(wanted.book_name);
  wanted.draws = arguments.text("--draws");
  wanted.way = arguments.text("--way");
  wanted.start = arguments.text("--start");
  return wanted;
}

Outcome run(const Arguments& arguments, Context& context) {
  const Files files(arguments, {"--waterfall-svg", "--cash-svg", "--tornado-svg", "--focus"});
  const api::Request request = scenario_request(arguments, scenario::Question::kCost, files);
  const api::CostRequest wanted = wanted_of(arguments, files);
  const api::CostAnswer answer =
      api::cost(api::load_catalog(arguments.text("--catalog")), request, wanted, &context.progress);
  Outcome outcome{arguments.has("--json") ? api::json(answer) : api::text(answer),
                  api::holds(answer) ? kAnswer : kNoFeasiblePlan};
  if (!api::holds(answer)) return outcome;
  if (files.wants("--waterfall-svg"))
    outcome.files.push_back(files.file("--waterfall-svg", api::waterfall_svg(answer)));
  if (files.wants("--cash-svg")) outcome.files.push_back(files.file("--cash-svg", api::cash_flow_svg(answer)));
  if (files.wants("--tornado-svg")) outcome.files.push_back(files.file("--tornado-svg", api::tornado_svg(answer)));
  if (files.wants("--focus")) outcome.files.push_back(files.file("--focus", api::focus_csv(answer, wanted)));
  return outcome;
}

/// The scenario that is the `place`th word, with all flags.
api::Request request_at(const Arguments& arguments, std::size_t place, const Files& files) {
  if (arguments.words.size() != 2)
    throw InputError(Problem{{}, 0, 0, "diff", "socle cost diff takes two scenarios: BEFORE.toml AFTER.toml"});
  Arguments one = arguments;
  one.words = {arguments.words[place]};
  return scenario_request(one, scenario::Question::kCost, files);
}

Outcome run_diff(const Arguments& arguments, Context& context) {
  const Files files(arguments, {});
  const api::CostDiffAnswer answer = api::cost_diff(
      api::load_catalog(arguments.text("--catalog")), request_at(arguments, 0, files), request_at(arguments, 1, files),
      wanted_of(arguments, files), {.allow = arguments.text("--allow")}, &context.progress);
  return {arguments.has("--json") ? api::json(answer) : api::text(answer),
          api::holds(answer) ? kAnswer : kNoFeasiblePlan};
}

std::vector<Option> shared_options() {
  std::vector<Option> options = scenario_options(scenario::Question::kCost);
  options.push_back(
      {"--book", "PRICES.csv", "Your own prices: columns factor, value, unit, item, region, date, source", "Cost"});
  options.push_back({"--way",
                     "WAY",
                     "Way of having the machines that is looked at; default: the cheapest",
                     "Cost",
                     true,
                     {},
                     {"build", "colocate", "on_demand", "reserved", "spot"}});
  options.push_back({"--draws", "N", "Draws of the Monte Carlo; default 10000", "Cost", false});
  return options;
}

Command cost_diff_command() {
  std::vector<Option> options = shared_options();
  options.push_back({"--allow", "AMOUNT",
                     "Growth of a year's bill that is allowed, \"5 %\" or \"2M CNY\"; beyond it the exit code is 1",
                     "Cost"});
  options.push_back(json_option());
  options.push_back(catalog_option());
  return {.words_name = "BEFORE.toml AFTER.toml",
          .words_max = 2,
          .options = std::move(options),
          .examples = {"socle cost diff examples/cost-h20.toml examples/cost-910c.toml"},
          .run = run_diff};
}

}  // namespace

std::vector<NamedCommand> cost_questions() {
  return {{"diff", "What a change does to a year's bill, line by line; a guard for budgets.", cost_diff_command()}};
}

Command cost_command() {
  std::vector<Option> options = shared_options();
  options.push_back({"--waterfall-svg", "FILE.svg", "Draw a year's money, line upon line"});
  options.push_back({"--cash-svg", "FILE.svg", "Draw what was paid so far, quarter by quarter"});
  options.push_back({"--tornado-svg", "FILE.svg", "Draw what moves the cost of a useful chip-hour"});
  options.push_back({"--focus", "OUT.csv", "Write charges by month and line, in columns of FOCUS 1.0"});
  options.push_back({"--start", "YYYY-MM", "First month of those charges; default 2027-01", "Output", false});
  options.push_back(json_option());
  options.push_back(catalog_option());
  return {.words_name = "[SCENARIO.toml]",
          .words_max = 1,
          .options = std::move(options),
          .examples = {"socle cost --cluster hgx-h20-96gb:128 --region cn-west", "socle cost examples/cost-h20.toml"},
          .run = run};
}

}  // namespace socle::cli
