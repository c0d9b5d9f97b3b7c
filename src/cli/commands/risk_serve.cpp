#include "cli/commands/risk.hpp"
#include "cli/commands/serve.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/risk.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context& context) {
  const Files files(arguments, {});
  const api::Request request = scenario_request(arguments, scenario::Question::kServe, files);
  const api::ServeRiskRequest asked{.failures = arguments.text("--failures"),
                                    .zones = arguments.text("--zones"),
                                    .spare_nodes = arguments.text("--spare-nodes"),
                                    .rack_nodes = arguments.text("--rack-nodes"),
                                    .target = arguments.text("--target"),
                                    .detect = arguments.text("--detect"),
                                    .reschedule = arguments.text("--reschedule"),
                                    .image = arguments.text("--image"),
                                    .load = arguments.text("--load"),
                                    .warm_up = arguments.text("--warm-up")};
  const api::ServeRiskAnswer answer = api::serve_risk(api::load_catalog(arguments.text("--catalog")), request, asked,
                                                      arguments.text("--assume"), &context.progress);
  return {arguments.has("--json") ? api::json(answer) : api::text(answer),
          api::holds(answer) ? kAnswer : kNoFeasiblePlan};
}

}  // namespace

Command risk_serve_command() {
  std::vector<Option> options = scenario_options(scenario::Question::kServe);
  const char* group = "Failures";
  options.push_back(
      {"--failures", "NAME", "Fleet of the catalogue whose failures to expect; default: pooled", group, true});
  options.push_back({"--zones", "N", "Over which the replicas lie; default 1", group, true});
  options.push_back({"--spare-nodes", "N", "Beside the fleet; default: another node is always found", group, true});
  options.push_back({"--target", "X", "Share of requests to be served; default 0.999", group, true});
  options.push_back({"--rack-nodes", "N", "Nodes of a rack, to see what goes with one", group});
  options.push_back({"--detect", "TIME", "Until a dead replica is noticed; default 30 s", group});
  options.push_back({"--reschedule", "TIME", "Until it has another place; default 30 s", group});
  options.push_back({"--image", "TIME", "Until its processes run; default 60 s", group});
  options.push_back({"--load", "RATE", "At which a node reads weights; default 2 GB/s", group});
  options.push_back({"--warm-up", "TIME", "After its weights are there; default 60 s", group});
  options.push_back(assume_option());
  options.push_back(json_option());
  options.push_back(catalog_option());
  return {.words_name = "[SCENARIO.toml]",
          .words_max = 1,
          .options = std::move(options),
          .examples = {"socle risk serve examples/serve-chat.toml --zones 3 --target 0.9995"},
          .run = run};
}

}  // namespace socle::cli
