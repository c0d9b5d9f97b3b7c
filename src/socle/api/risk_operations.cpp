#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "socle/api/option_reader.hpp"
#include "socle/api/risk.hpp"
#include "socle/base/split_list.hpp"
#include "socle/base/suggest.hpp"
#include "socle/report/risk/operations_report.hpp"

namespace socle::api {
namespace {

constexpr Seconds kMonth{31 * 86400.0}, kYear{366 * 86400.0};
constexpr int kMany = 10'000'000, kStagesMost = 100;

/// "1%, 10%, 89%" or shares; they add up to the whole fleet.
std::vector<double> read_stages(OptionReader& read, const std::string& text) {
  std::vector<double> shares;
  if (text.empty()) return shares;
  for (std::string part : split_list(text)) {
    const bool percent = part.ends_with("%");
    if (percent) part.pop_back();
    while (part.ends_with(" ")) part.pop_back();
    const auto share = read.number("stages", part, 1e-9, 100);
    if (!share) return {};
    shares.push_back(percent ? *share / 100 : *share);
  }
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (shares.empty() || shares.size() > kStagesMost || std::fabs(sum - 1) > 1e-6) {
    read.add("stages", fmt::format("--stages = \"{}\" adds up to {}; write up to {} shares of the fleet that add up to "
                                   "100 %, such as \"1%,9%,90%\"",
                                   printable(text), format_percent(sum), kStagesMost));
    return {};
  }
  return shares;
}

void read_site(OptionReader& read, const RolloutRequest& asked, answer::Site& site) {
  site.nodes = read.whole("nodes", asked.nodes, 1, kMany).value_or(0);
  site.chips_per_node = read.whole("chips-per-node", asked.chips_per_node, 1, kMany).value_or(8);
  site.rack_nodes = read.whole("rack-nodes", asked.rack_nodes, 1, kMany).value_or(0);
  site.row_racks = read.whole("row-racks", asked.row_racks, 1, kMany).value_or(0);
  site.zones = read.whole("zones", asked.zones, 1, 1000).value_or(1);
  site.regions = read.whole("regions", asked.regions, 1, 1000).value_or(1);
  for (const auto& [name, text] :
       {std::pair("chips-per-node", asked.chips_per_node), std::pair("rack-nodes", asked.rack_nodes),
        std::pair("zones", asked.zones), std::pair("regions", asked.regions)}) {
    if (!text.empty() && asked.nodes.empty())
      read.add(name, fmt::format("--{} describes a site; say how large it is with --nodes", name));
  }
  if (!asked.row_racks.empty() && asked.rack_nodes.empty())
    read.add("row-racks", "--row-racks counts racks; say how many nodes one holds with --rack-nodes");
}

/// Options that say one thing together.
void together(OptionReader& read, const char* what,
              std::initializer_list<std::pair<const char*, const std::string*>> all) {
  const bool any = std::any_of(all.begin(), all.end(), [](const auto& one) { return !one.second->empty(); });
  if (!any) return;
  for (const auto& [name, text] : all) {
    if (text->empty()) read.add(name, fmt::format("{} needs --{} as well", what, name));
  }
}

answer::RolloutOptions read_rollout(const RolloutRequest& asked) {
  Problems problems;
  OptionReader read(problems);
  answer::RolloutOptions options;
  const auto time = [&](const char* name, const std::string& text, Seconds most = kMonth) {
    return read.unit<Seconds>(name, text, Seconds{}, most, most == kYear ? "from 0 to 1 year" : "from 0 to 31 days");
  };
  options.stages = read_stages(read, asked.stages);
  options.bake = time("bake", asked.bake);
  options.detect = time("detect", asked.detect);
  options.rollback = time("rollback", asked.rollback);
  options.visible = read.number("visible", asked.visible, 0, 1);
  options.exposed_most = time("exposed", asked.exposed);
  if (!asked.bake.empty() && asked.stages.empty())
    read.add("bake", "--bake is of stages that you state; add --stages, or leave it out and it is planned");
  if (!asked.exposed.empty() && !asked.stages.empty())
    read.add("exposed", "--exposed is what a plan may cost; --stages states the plan: write one of them");
  read_site(read, asked, options.site);
  together(read, "a rolling upgrade", {{"units", &asked.units}, {"at-once", &asked.at_once}, {"wave", &asked.wave}});
  if (asked.units.empty() && (!asked.stop.empty() || !asked.deadline.empty()))
    read.add("units", "--stop and --deadline are of a rolling upgrade; add --units, --at-once and --wave");
  options.units = read.whole("units", asked.units, 1, kMany);
  options.at_once = read.whole("at-once", asked.at_once, 1, kMany);
  options.wave = time("wave", asked.wave);
  options.stop = time("stop", asked.stop);
  options.deadline = time("deadline", asked.deadline, kYear);
  together(read, "a restart of many tasks",
           {{"tasks", &asked.tasks}, {"task-bytes", &asked.task_bytes}, {"store-rate", &asked.store_rate}});
  if (asked.tasks.empty() && !asked.within.empty())
    read.add("within", "--within is of tasks that restart; add --tasks");
  options.tasks = read.whole("tasks", asked.tasks, 1, kMany);
  options.task_bytes = read.unit<Bytes>("task-bytes", asked.task_bytes, Bytes{1}, Bytes{1e18}, "from 1 B to 1 EB");
  options.store_rate = read.unit<BytesPerSecond>("store-rate", asked.store_rate, BytesPerSecond{1e3},
                                                 BytesPerSecond{1e17}, "from 1 kB/s to 100 PB/s");
  options.within = read.unit<Seconds>("within", asked.within, Seconds{0.001}, kMonth, "from 1 ms to 31 days");
  problems.throw_if_any();
  return options;
}

answer::IncidentOptions read_incident(const IncidentRequest& asked) {
  Problems problems;
  OptionReader read(problems);
  answer::IncidentOptions options;
  options.zones = read.whole("zones", asked.zones, 1, 1000).value_or(1);
  options.regions = read.whole("regions", asked.regions, 1, 1000).value_or(1);
  options.first_stage = read.number("first-stage", asked.first_stage, 1e-9, 1).value_or(options.first_stage);
  options.detect = read.unit<Seconds>("detect", asked.detect, Seconds{}, kMonth, "from 0 to 31 days");
  options.rollback = read.unit<Seconds>("rollback", asked.rollback, Seconds{}, kMonth, "from 0 to 31 days");
  options.target = read.number("target", asked.target, 0.5, 0.9999999).value_or(options.target);
  if (!asked.lost_hour.empty()) {
    const Parsed<Money> worth = parse_unit_text<Money>(asked.lost_hour);
    if (worth.value)
      options.lost_hour = worth.value;
    else
      read.add("lost-hour", fmt::format("--lost-hour: {}", worth.problem));
  }
  std::vector<std::string> known;
  for (const catalog::Control& control : catalog::incident_controls()) known.emplace_back(control.name);
  if (!asked.controls.empty()) options.controls = split_list(asked.controls);
  for (const std::string& name : options.controls) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      read.add("controls", fmt::format("--controls: \"{}\" is none; write some of {}{}", printable(name),
                                       fmt::join(known, ", "), did_you_mean(name, known)));
    if (name == "zone-spare" && options.zones * options.regions < 2)
      read.add("controls", "--controls: zone-spare needs another zone; add --zones 2 or more");
    if (name == "region-spare" && options.regions < 2)
      read.add("controls", "--controls: region-spare needs another region; add --regions 2 or more");
  }
  problems.throw_if_any();
  return options;
}

}  // namespace

RolloutAnswer rollout(const RolloutRequest& asked) {
  RolloutAnswer answer{answer::rollout(read_rollout(asked))};
  add_options(
      {&asked.stages,     &asked.bake,           &asked.detect,     &asked.rollback,  &asked.visible,  &asked.exposed,
       &asked.nodes,      &asked.chips_per_node, &asked.rack_nodes, &asked.row_racks, &asked.zones,    &asked.regions,
       &asked.units,      &asked.at_once,        &asked.wave,       &asked.stop,      &asked.deadline, &asked.tasks,
       &asked.task_bytes, &asked.store_rate,     &asked.within},
      answer.inputs);
  return answer;
}

std::string text(const RolloutAnswer& answer) { return report::rollout_text(answer.result); }
std::string json(const RolloutAnswer& answer) {
  return report::rollout_json(answer.result, answer.inputs).dump() + "\n";
}
bool holds(const RolloutAnswer& answer) {
  const answer::RolloutResult& result = answer.result;
  const auto& most = result.options.exposed_most;
  const bool kept = !most || result.plans.back().plan.exposure.share_time <= *most;
  return kept && (!result.upgrade || result.upgrade->in_time.value_or(true));
}

IncidentAnswer incidents(const catalog::Catalog& catalog, const IncidentRequest& asked) {
  answer::IncidentOptions options = read_incident(asked);
  std::vector<catalog::Incident> all =
      asked.name.empty() ? catalog::load_incidents(catalog) : std::vector{catalog::load_incident(catalog, asked.name)};
  std::vector<report::InputText> inputs;
  add_options({&asked.name, &asked.zones, &asked.regions, &asked.controls, &asked.first_stage, &asked.detect,
               &asked.rollback, &asked.lost_hour, &asked.target},
              inputs);
  add_own_catalog(catalog, inputs);
  return {answer::replay_incidents(std::move(all), std::move(options)), std::move(inputs)};
}

std::string text(const IncidentAnswer& answer) { return report::incident_text(answer.result); }
std::string json(const IncidentAnswer& answer) {
  return report::incident_json(answer.result, answer.inputs).dump() + "\n";
}

}  // namespace socle::api
