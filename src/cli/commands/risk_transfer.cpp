#include "socle/api/risk_transfer.hpp"
#include "cli/commands/risk.hpp"
#include "socle/api/catalog.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context&) {
  const api::TransferRequest asked{.from = arguments.text("--from"),
                                   .to = arguments.text("--to"),
                                   .persons = arguments.text("--persons"),
                                   .sensitive = arguments.text("--sensitive"),
                                   .critical_operator = arguments.text("--critical-operator"),
                                   .important_data = arguments.text("--important-data"),
                                   .recipient_covered = arguments.text("--recipient-covered"),
                                   .ground = arguments.text("--ground"),
                                   .day = arguments.text("--day")};
  const api::TransferAnswer answer = api::transfer(api::load_catalog(arguments.text("--catalog")), asked);
  return {arguments.has("--json") ? api::json(answer) : api::text(answer),
          api::holds(answer) ? kAnswer : kNoFeasiblePlan};
}

}  // namespace

Command risk_transfer_command() {
  const char* group = "The data";
  const std::vector<std::string> either{"yes", "no"};
  std::vector<Option> options{
      {"--from", "NAME", "Whose rules: cn, eu, or of your own catalogue", group, true},
      {"--to", "CODE", "Country that the data goes to, such as SG", group, true},
      {"--persons", "N", "Whose data that is not sensitive leaves, since 1 January", group, true},
      {"--sensitive", "N", "Whose sensitive data leaves, since 1 January", group, true},
      {"--critical-operator", "yes|no", "Of critical information infrastructure", group, true, {}, either},
      {"--important-data", "yes|no", "Notified or published as important", group, true, {}, either},
      {"--recipient-covered",
       "yes|no",
       "By a finding for some recipients of its country only",
       group,
       true,
       {},
       either},
      {"--ground",
       "NAME",
       "Reason that some rules exempt",
       group,
       true,
       {},
       {"contract", "employment", "emergency", "transit", "trade", "free-trade-zone"}},
      {"--day", "YYYY-MM-DD", "Rules in force on this day; default 2026-06-30", group},
      json_option(),
      catalog_option()};
  return {.options = std::move(options),
          .examples = {"socle risk transfer --from cn --to SG --persons 250000 --sensitive 0 --critical-operator no "
                       "--important-data no"},
          .run = run};
}

}  // namespace socle::cli
