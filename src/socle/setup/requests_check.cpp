#include "socle/setup/requests_check.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace socle::setup {

void check_requests(const scenario::Scenario& scenario) {
  using workload::ArrivalKind;
  const scenario::RequestsSection& asked = scenario.requests;
  Problems problems;
  const auto wrong = [&](const std::string& key, std::string message) {
    problems.add({scenario.source, 0, 0, "requests." + key, std::move(message)});
  };
  const auto said = [&](const char* key) { return asked.said.contains(key); };
  // One in the file and one as a flag: what stands in one place was refused there.
  for (const auto& key : scenario::requests_keys()) {
    if (!asked.said.contains(key.facts.name)) continue;
    for (const std::string& other : key.facts.instead_of) {
      if (asked.said.contains(other)) wrong(key.facts.name, scenario::both_given(other, key.facts.name));
    }
  }
  for (const char* key : {"trace_format", "trace_sort", "skip_empty", "rate_scale"}) {
    if (said(key) && !said("trace")) wrong(key, fmt::format("{} acts on a trace only; name one, or leave it out", key));
  }
  if (said("think") && !said("concurrency") && !said("turns"))
    wrong("think", "think acts with concurrency or turns only; add one of them, or leave it out");
  if (said("burstiness") && asked.arrivals && *asked.arrivals != ArrivalKind::kGamma &&
      *asked.arrivals != ArrivalKind::kWeibull)
    wrong("burstiness", "burstiness acts on arrivals = gamma and weibull only; name one of them, or leave it out");
  if (asked.arrivals == ArrivalKind::kAtOnce) {
    for (const char* key : {"rate", "profile"}) {
      if (said(key)) wrong(key, fmt::format("{} and arrivals = at-once are both given; write one of them", key));
    }
  }
  if (!asked.profile.empty() &&
      std::all_of(asked.profile.begin(), asked.profile.end(), [](double x) { return x == 0; }))
    wrong("profile", "profile is zero all day; give some part of it requests");
  const bool of_class = std::any_of(asked.classes.begin(), asked.classes.end(),
                                    [](const auto& one) { return one.slo_ttft || one.slo_tpot || one.slo_e2e; });
  if (asked.slo_percentile && !asked.slo_ttft && !asked.slo_tpot && !asked.slo_e2e && !of_class)
    wrong("slo_percentile", "slo_percentile needs an objective; add slo_ttft, slo_tpot or slo_e2e, or leave it out");
  problems.throw_if_any();
}

}  // namespace socle::setup
