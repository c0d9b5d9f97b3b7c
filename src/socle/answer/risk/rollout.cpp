#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/answer/risk/operations.hpp"
#include "socle/base/unit_text.hpp"

namespace socle::answer {
namespace {

using reliability::Rollout;
using reliability::RolloutPlan;

constexpr Seconds kDetect{600}, kRollback{900}, kExposedMost{60};
constexpr double kVisible = 0.01;

RolloutPlan judged(Rollout rollout, Seconds bake) {
  RolloutPlan plan{.rollout = std::move(rollout), .bake = bake, .length = {}, .exposure = {}};
  plan.length = reliability::rollout_length(plan.rollout.stages, bake);
  plan.exposure = reliability::exposure(plan.rollout);
  return plan;
}

void add_plans(RolloutResult& result) {
  const RolloutOptions& asked = result.options;
  const auto usual = [&](const std::optional<Seconds>& stated, Seconds time, const char* text) {
    if (!stated) result.assumptions.push_back(fmt::format("{} {} (assumption).", text, format_seconds(time)));
    return stated.value_or(time);
  };
  const Seconds detect = usual(asked.detect, kDetect, "A bad change is noticed (--detect), once it can be seen, after");
  const Seconds rollback = usual(asked.rollback, kRollback, "Rolling it back everywhere (--rollback) takes");
  if (!asked.visible)
    result.assumptions.push_back(
        fmt::format("It can be seen once {} of the fleet has it (--visible; assumption).", format_percent(kVisible)));
  const double visible = asked.visible.value_or(kVisible);
  result.plans.push_back(
      {"at once", judged({reliability::stages_of({1.0}, Seconds{}), detect, rollback, visible}, Seconds{})});
  if (!asked.stages.empty()) {
    const Seconds bake = asked.bake.value_or(detect);
    if (!asked.bake) result.assumptions.push_back("A stage bakes as long as detection takes (--bake).");
    result.plans.push_back(
        {"as asked", judged({reliability::stages_of(asked.stages, bake), detect, rollback, visible}, bake)});
    return;
  }
  const Seconds most =
      usual(asked.exposed_most, kExposedMost, "A bad change may cost the whole fleet (--exposed) at most");
  result.plans.push_back({"planned", reliability::plan_rollout(detect, rollback, visible, most)});
}

void add_blast(RolloutResult& result) {
  const Site& site = result.options.site;
  if (site.nodes == 0) return;
  const double chips = static_cast<double>(site.nodes * site.chips_per_node);
  const auto add = [&](std::string what, double nodes) {
    nodes = std::min(nodes, static_cast<double>(site.nodes));
    const double here = nodes * static_cast<double>(site.chips_per_node);
    result.blast.push_back({std::move(what), false, here, here / chips, std::nullopt});
  };
  result.blast.push_back({"chip", false, 1, 1 / chips, std::nullopt});
  add("node", 1);
  if (site.rack_nodes > 0) add(fmt::format("rack of {} nodes", site.rack_nodes), static_cast<double>(site.rack_nodes));
  if (site.rack_nodes > 0 && site.row_racks > 0)
    add(fmt::format("row of {} racks, one power feed", site.row_racks),
        static_cast<double>(site.rack_nodes * site.row_racks));
  const auto places = static_cast<double>(site.zones * site.regions);
  add(fmt::format("zone, one of {}", site.zones * site.regions), std::ceil(static_cast<double>(site.nodes) / places));
  if (site.regions > 1)
    add(fmt::format("region, one of {}", site.regions),
        std::ceil(static_cast<double>(site.nodes) / static_cast<double>(site.regions)));
  const double first = result.plans.back().plan.exposure.share;
  for (const char* channel : {"software of the service", "image, driver and firmware of nodes", "scheduler and cluster",
                              "configuration and policy data", "names and certificates"})
    result.blast.push_back({channel, true, chips, 1.0, first});
}

void add_upgrade(RolloutResult& result) {
  const RolloutOptions& asked = result.options;
  if (!asked.units) return;
  UpgradeOutcome outcome{.units = *asked.units, .at_once = *asked.at_once, .wave = *asked.wave};
  outcome.upgrade = reliability::rolling_upgrade(outcome.units, outcome.at_once, outcome.wave);
  if (asked.stop) outcome.stopped = *asked.stop * static_cast<double>(outcome.upgrade.waves);
  if (asked.deadline) outcome.in_time = outcome.upgrade.length <= *asked.deadline;
  result.upgrade = outcome;
}

void add_stampede(RolloutResult& result) {
  const RolloutOptions& asked = result.options;
  if (!asked.tasks) return;
  StampedeOutcome outcome{.tasks = *asked.tasks, .bytes = *asked.task_bytes};
  outcome.all_at_once = outcome.bytes * static_cast<double>(outcome.tasks) / *asked.store_rate;
  if (asked.within) {
    outcome.needed = outcome.bytes * static_cast<double>(outcome.tasks) / *asked.within;
    const double at_a_time = std::floor(*asked.store_rate * *asked.within / outcome.bytes);
    outcome.admitted = std::clamp<std::int64_t>(static_cast<std::int64_t>(at_a_time), 0, outcome.tasks);
  }
  result.stampede = outcome;
}

}  // namespace

RolloutResult rollout(RolloutOptions options) {
  RolloutResult result{
      .options = std::move(options), .plans = {}, .blast = {}, .upgrade = {}, .stampede = {}, .assumptions = {}};
  add_plans(result);
  add_blast(result);
  add_upgrade(result);
  add_stampede(result);
  return result;
}

}  // namespace socle::answer
