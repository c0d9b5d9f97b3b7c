#include "cli/commands/risk.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/risk.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context&) {
  const api::IncidentRequest asked{.name = arguments.words.empty() ? std::string() : arguments.words.front(),
                                   .zones = arguments.text("--zones"),
                                   .regions = arguments.text("--regions"),
                                   .controls = arguments.text("--controls"),
                                   .first_stage = arguments.text("--first-stage"),
                                   .detect = arguments.text("--detect"),
                                   .rollback = arguments.text("--rollback"),
                                   .lost_hour = arguments.text("--lost-hour"),
                                   .target = arguments.text("--target")};
  const api::IncidentAnswer answer = api::incidents(api::load_catalog(arguments.text("--catalog")), asked);
  return {arguments.has("--json") ? api::json(answer) : api::text(answer), kAnswer};
}

}  // namespace

Command risk_incident_command() {
  const char* group = "Your set-up";
  std::vector<Option> options{
      {"--zones", "N", "In each region; default 1", group, true},
      {"--regions", "N", "Default 1", group, true},
      {"--controls", "NAME,...", "That you hold; without a name the answer lists them", group, true},
      {"--first-stage", "X", "Share of the fleet that staged-config reaches first; default 0.01", group},
      {"--detect", "TIME", "Until it is noticed; default 10 min", group},
      {"--rollback", "TIME", "Until a change is taken back; default 15 min", group},
      {"--lost-hour", "AMOUNT", "Worth of an hour of the whole fleet", group, true},
      {"--target", "X", "Share of a month to be served; default 0.999", group},
      json_option(),
      catalog_option()};
  return {.words_name = "[NAME]",
          .words_max = 1,
          .options = std::move(options),
          .examples = {"socle risk incident --zones 3 --controls zone-spare,rollback",
                       "socle risk incident google-2025-06-12 --lost-hour '20000 USD'"},
          .run = run};
}

}  // namespace socle::cli
