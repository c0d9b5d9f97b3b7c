#include <algorithm>

#include <fmt/format.h>

#include "socle/answer/risk/operations.hpp"
#include "socle/base/unit_text.hpp"

namespace socle::answer {
namespace {

using catalog::Incident;
using catalog::IncidentDomain;

constexpr Seconds kDetect{600}, kRollback{900}, kMonth{86400 * 365.25 / 12};

double reach_of(const Incident& incident, const IncidentOptions& options) {
  if (incident.domain == IncidentDomain::kZone) return 1.0 / static_cast<double>(options.zones * options.regions);
  if (incident.domain == IncidentDomain::kRegion) return 1.0 / static_cast<double>(options.regions);
  return 1.0;
}

bool has(const std::vector<std::string>& names, const char* name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Share x time that is lost when these controls are held.
Seconds lost_with(const Incident& incident, const IncidentOptions& options, const std::vector<std::string>& controls) {
  const double reach = reach_of(incident, options);
  const Seconds detect = options.detect.value_or(kDetect), back = detect + options.rollback.value_or(kRollback);
  const Seconds length = *incident.length;
  Seconds lost = length * reach;
  const auto at_most = [&](Seconds other) { lost = std::min(lost, other); };
  for (const auto* list : {&incident.stopped_by, &incident.eased_by}) {
    for (const std::string& name : *list) {
      if (!has(controls, name.c_str())) continue;
      if (name == "input-check" || name == "separate-control") at_most(Seconds{});
      if (name == "staged-config") at_most(std::min(length, back) * options.first_stage);
      if (name == "zone-spare" && options.zones * options.regions > 1) at_most(std::min(length, detect) * reach);
      if (name == "region-spare" && options.regions > 1) at_most(std::min(length, detect) * reach);
      if (name == "rollback") at_most(std::min(length, back) * reach);
      if (name == "pre-launched" && incident.launch) at_most(std::max(Seconds{}, length - *incident.launch) * reach);
    }
  }
  return lost;
}

}  // namespace

IncidentResult replay_incidents(std::vector<Incident> incidents, IncidentOptions options) {
  IncidentResult result{.options = std::move(options), .incidents = {}, .assumptions = {}};
  const IncidentOptions& asked = result.options;
  const auto usual = [&](const std::optional<Seconds>& stated, Seconds time, const char* text) {
    if (!stated) result.assumptions.push_back(fmt::format("{} {} (assumption).", text, format_seconds(time)));
  };
  usual(asked.detect, kDetect, "An outage is noticed, and traffic moved (--detect), after");
  usual(asked.rollback, kRollback, "Rolling back (--rollback) takes");
  result.assumptions.push_back("Lengths and causes are those of public reports; what is second-hand says so.");
  result.assumptions.push_back(
      "The fleet is taken to be used evenly, and all that an outage reaches to be down for all of it.");
  for (Incident& incident : incidents) {
    ReplayedIncident replayed{.incident = std::move(incident)};
    const Incident& one = replayed.incident;
    replayed.reach = reach_of(one, asked);
    std::vector<std::string> all = one.stopped_by;
    all.insert(all.end(), one.eased_by.begin(), one.eased_by.end());
    for (const std::string& name : all)
      (has(asked.controls, name.c_str()) ? replayed.held : replayed.missing).push_back(name);
    if (one.length) {
      replayed.lost = *one.length * replayed.reach;
      replayed.kept_lost = lost_with(one, asked, asked.controls);
      replayed.best_lost = lost_with(one, asked, all);
      replayed.budgets = *replayed.kept_lost / (kMonth * (1 - asked.target));
      if (asked.lost_hour) replayed.money = *asked.lost_hour * (replayed.kept_lost->value() / 3600);
    }
    result.incidents.push_back(std::move(replayed));
  }
  return result;
}

}  // namespace socle::answer
