#include "cli/commands/risk.hpp"
#include "socle/api/risk.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context&) {
  const auto text = [&](const char* name) { return arguments.text(name); };
  const api::RolloutRequest asked{.stages = text("--stages"),
                                  .bake = text("--bake"),
                                  .detect = text("--detect"),
                                  .rollback = text("--rollback"),
                                  .visible = text("--visible"),
                                  .exposed = text("--exposed"),
                                  .nodes = text("--nodes"),
                                  .chips_per_node = text("--chips-per-node"),
                                  .rack_nodes = text("--rack-nodes"),
                                  .row_racks = text("--row-racks"),
                                  .zones = text("--zones"),
                                  .regions = text("--regions"),
                                  .units = text("--units"),
                                  .at_once = text("--at-once"),
                                  .wave = text("--wave"),
                                  .stop = text("--stop"),
                                  .deadline = text("--deadline"),
                                  .tasks = text("--tasks"),
                                  .task_bytes = text("--task-bytes"),
                                  .store_rate = text("--store-rate"),
                                  .within = text("--within")};
  const api::RolloutAnswer answer = api::rollout(asked);
  return {arguments.has("--json") ? api::json(answer) : api::text(answer),
          api::holds(answer) ? kAnswer : kNoFeasiblePlan};
}

}  // namespace

Command risk_rollout_command() {
  const char *change = "A change", *site = "The site", *upgrade = "A rolling upgrade",
             *restart = "A restart of many tasks";
  std::vector<Option> options{
      {"--stages", "SHARES", "Of the fleet, one after the other, such as 1%,9%,90%; default: planned", change, true},
      {"--bake", "TIME", "From one stage to the next; default: as long as detection", change, true},
      {"--detect", "TIME", "Until a bad change is noticed, once it can be seen; default 10 min", change, true},
      {"--rollback", "TIME", "Until everybody is back; default 15 min", change, true},
      {"--visible", "X", "Share of the fleet that must have it before it can be seen; default 0.01", change},
      {"--exposed", "TIME", "That a bad change may cost the whole fleet; default 1 min", change, true},
      {"--nodes", "N", "Of the site: what each failure and each change takes of it", site, true},
      {"--chips-per-node", "N", "Default 8", site},
      {"--rack-nodes", "N", "Nodes of a rack", site},
      {"--row-racks", "N", "Racks of a row, with one power feed", site},
      {"--zones", "N", "In each region; default 1", site},
      {"--regions", "N", "Default 1", site},
      {"--units", "N", "Replicas or nodes to upgrade", upgrade},
      {"--at-once", "N", "Of them in one wave: those beyond what the load needs, or spares", upgrade},
      {"--wave", "TIME", "That one wave takes", upgrade},
      {"--stop", "TIME", "That each wave stops a job for", upgrade},
      {"--deadline", "TIME", "Of the whole upgrade", upgrade},
      {"--tasks", "N", "That start again together", restart},
      {"--task-bytes", "SIZE", "That each reads: image, weights", restart},
      {"--store-rate", "RATE", "Of what they read from", restart},
      {"--within", "TIME", "In which they are to be back", restart},
      json_option()};
  return {.options = std::move(options),
          .examples = {"socle risk rollout --nodes 1024 --rack-nodes 4 --zones 3 --exposed '30 s'",
                       "socle risk rollout --stages 1%,9%,90% --detect '10 min' --rollback '15 min'"},
          .run = run};
}

}  // namespace socle::cli
