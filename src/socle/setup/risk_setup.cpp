#include "socle/setup/risk_setup.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/setup/at_place.hpp"
#include "socle/setup/cluster_setup.hpp"

namespace socle::setup {
namespace {

using scenario::CheckpointKind;
using scenario::RiskSection;

/// Keys that would act on nothing.
void refuse_idle(const RiskSection& risk, const std::string& source, Problems& problems) {
  const auto refuse = [&](const char* key, const std::string& text) {
    problems.add({source, 0, 0, fmt::format("risk.{}", key), text});
  };
  const auto needs = [&](bool given, bool other, const char* key, const char* what) {
    if (given && !other) refuse(key, fmt::format("{} acts with {} only; add that, or leave it out", key, what));
  };
  needs(risk.burn_in_factor.has_value(), risk.burn_in.has_value(), "burn_in_factor", "burn_in");
  needs(risk.trace_nodes.has_value(), !risk.trace.empty(), "trace_nodes", "trace");
  needs(risk.elastic_stall.has_value(), risk.elastic.value_or(false), "elastic_stall", "elastic = true");
  needs(risk.planned_time.has_value(), risk.planned_per_day.value_or(0) > 0, "planned_time", "planned_per_day");
  const CheckpointKind kind = risk.checkpoint.value_or(CheckpointKind::kAsync);
  needs(risk.copy_interval.has_value(), kind == CheckpointKind::kTiered, "copy_interval", "checkpoint = \"tiered\"");
  needs(risk.copy_bandwidth.has_value(), kind != CheckpointKind::kSync, "copy_bandwidth",
        "checkpoint = \"async\" or \"tiered\"");
  if (risk.repair_median.has_value() != risk.repair_mean.has_value())
    refuse("repair_median", "repair_median and repair_mean are given together: a tail needs both");
  else if (risk.repair_median && *risk.repair_mean < *risk.repair_median)
    refuse("repair_mean", fmt::format("repair_mean ({}) is below repair_median ({}); repairs have a long tail, not a "
                                      "short one",
                                      format_seconds(*risk.repair_mean), format_seconds(*risk.repair_median)));
  if (risk.node_rate && risk.links) refuse("links", "links is of a fleet; leave it out beside node_rate");
  if (risk.node_rate && risk.job_causes.value_or(false))
    refuse("job_causes", "job_causes is of a fleet; leave it out beside node_rate, or name a fleet");
  if (risk.node_rate && risk.exact_rate && !*risk.exact_rate)
    refuse("exact_rate", "a rate of your own is taken as exact; leave exact_rate out, or name a fleet");
  if (risk.dataset && risk.token_bytes)
    refuse("token_bytes", "dataset and token_bytes are both given; write one of them");
  if (risk.elastic.value_or(false) && !risk.trace.empty())
    refuse("trace", "a trace is replayed on jobs that stop at each failure; leave elastic or the trace out");
}

bool by_link(const catalog::FailureFleet& fleet) {
  return std::any_of(fleet.classes.begin(), fleet.classes.end(),
                     [](const auto& one) { return one.per == catalog::FailingPart::kLink; });
}

std::optional<RiskTrace> read_trace(const scenario::Scenario& scenario, const FileReader& read_file,
                                    Problems& problems) {
  const RiskSection& risk = scenario.risk;
  if (risk.trace.empty()) return std::nullopt;
  try {
    RiskTrace trace{workload::parse_fault_trace(read_file(risk.trace.text), risk.trace.text), risk.trace.text, 0};
    const auto named = static_cast<std::int64_t>(trace.trace.nodes.size());
    trace.nodes = risk.trace_nodes.value_or(named);
    if (trace.nodes < named)
      problems.add(
          {scenario.source, 0, 0, "risk.trace_nodes",
           fmt::format("trace_nodes is {}, and the trace names {} nodes; write at least that", trace.nodes, named)});
    return trace;
  } catch (const InputError& error) {
    problems.add(error.problems());
    return std::nullopt;
  }
}

void say_fleet(const catalog::FailureFleet& fleet, std::int64_t chips, RiskSetup& setup) {
  setup.assumptions.push_back(
      fmt::format("Failures: {} ({}): {}.", fleet.name, catalog::grade_text(fleet), fleet.provenance.source));
  if (!fleet.provenance.notes.empty())
    setup.doubts.push_back(fmt::format("{}: {}.", fleet.name, fleet.provenance.notes));
  for (const catalog::FailureClass& one : fleet.classes) {
    if (!one.doubt.empty()) setup.doubts.push_back(fmt::format("{}, {}: {}.", fleet.name, one.name, one.doubt));
  }
  for (const reliability::ObservedConflict& conflict : reliability::observed_conflicts(fleet)) {
    const double ratio = static_cast<double>(conflict.observed.chips) / static_cast<double>(chips);
    if (ratio < 0.2 || ratio > 5 || setup.risk.job_causes.value_or(false)) continue;
    setup.doubts.push_back(fmt::format(
        "Jobs of {} chips there ran {} between interruptions ({}), where these rates give {}: such jobs end "
        "for causes that no rate of parts holds (--job-causes adds them).",
        format_whole(conflict.observed.chips), format_seconds(conflict.observed.mtti), conflict.observed.note,
        format_seconds(conflict.predicted)));
  }
}

}  // namespace

void check_risk(const RiskSection& risk, const std::string& source) {
  Problems problems;
  refuse_idle(risk, source, problems);
  problems.throw_if_any();
}

RiskSetup set_up_risk(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                      const FileReader& read_file) {
  Problems problems;
  RiskSetup setup;
  setup.risk = scenario.risk;
  refuse_idle(scenario.risk, scenario.source, problems);
  const auto& cluster = scenario.cluster;
  if (!cluster || (cluster->node.empty() && cluster->chip.empty()) || (!cluster->nodes && !cluster->chips)) {
    problems.add({scenario.source, 0, 0, "cluster",
                  "no cluster is named; use --cluster NODE:COUNT, --chip NAME --chips N, or [cluster]"});
  } else {
    const scenario::Named& name = cluster->node.empty() ? cluster->chip : cluster->node;
    if (auto found = at_place(scenario, name, "cluster", problems, [&] { return set_up_cluster(catalog, *cluster); })) {
      setup.chips_per_node = found->machine.spec().chips_per_node;
      setup.cluster = std::move(found->facts);
    }
  }
  if (!scenario.risk.node_rate) {
    setup.fleet = at_place(scenario, scenario.risk.failures, "risk.failures", problems, [&] {
      return catalog::load_failure_fleet(
          catalog, scenario.risk.failures.empty() ? catalog::kUsualFailures : scenario.risk.failures.text);
    });
  }
  if (setup.fleet && scenario.risk.job_causes.value_or(false) &&
      !reliability::measured_time_to_interruption(*setup.fleet, setup.cluster.chips))
    problems.add({scenario.source, 0, 0, "risk.job_causes",
                  fmt::format("{} has no measured jobs around {} chips; leave job_causes out, or name another fleet",
                              setup.fleet->slug, setup.cluster.chips)});
  if (scenario.risk.links && setup.fleet && !by_link(*setup.fleet))
    problems.add({scenario.source, 0, 0, "risk.links",
                  fmt::format("{} has no class by link; leave links out, or name another fleet", setup.fleet->slug)});
  setup.trace = read_trace(scenario, read_file, problems);
  problems.throw_if_any();
  setup.unstated_repair = {scenario.risk.repair_median.value_or(reliability::kUsualRepair.median),
                           scenario.risk.repair_mean.value_or(reliability::kUsualRepair.mean)};
  if (setup.fleet && by_link(*setup.fleet) && !scenario.risk.links)
    setup.doubts.push_back(
        fmt::format("{} has classes by link, and the number of links is not stated: they are left out "
                    "(--links).",
                    setup.fleet->name));
  if (setup.fleet) say_fleet(*setup.fleet, setup.cluster.chips, setup);
  return setup;
}

}  // namespace socle::setup
