#include "socle/reliability/job.hpp"

#include <algorithm>
#include <cmath>

#include "socle/base/check.hpp"

namespace socle::reliability {
namespace {

constexpr double kDay = 86400;

std::optional<double> parts_of(catalog::FailingPart part, const JobParts& parts) {
  const auto chips = static_cast<double>(parts.chips);
  if (part == catalog::FailingPart::kChip) return chips;
  if (part == catalog::FailingPart::kNode) return chips / static_cast<double>(parts.chips_per_node);
  if (!parts.links) return std::nullopt;
  return static_cast<double>(*parts.links);
}

}  // namespace

double quantile_of(const RateSpread& spread, double share) {
  if (spread.exact()) return spread.mode;
  const double low = std::log(spread.low), mode = std::log(spread.mode), high = std::log(spread.high);
  const double left = (mode - low) / (high - low);
  return std::exp(share < left ? low + std::sqrt(share * (high - low) * (mode - low))
                               : high - std::sqrt((1 - share) * (high - low) * (high - mode)));
}

std::vector<JobFailure> job_failures(const catalog::FailureFleet& fleet, const JobParts& parts,
                                     const RepairLaw& unstated_repair) {
  std::vector<JobFailure> failures;
  for (const catalog::FailureClass& one : fleet.classes) {
    const std::optional<double> count = parts_of(one.per, parts);
    if (!count) continue;
    failures.push_back(
        {.name = one.name,
         .group = one.group,
         .rate = one.rate * *count,
         .node_lost = one.node_lost,
         .nodes_hit = one.nodes_hit,
         .unnoticed = one.unnoticed,
         .repair = one.repair_median ? RepairLaw{*one.repair_median, *one.repair_mean} : unstated_repair});
  }
  return failures;
}

std::vector<JobFailure> node_failures(double per_node_day, std::int64_t nodes, const RepairLaw& repair) {
  return {{.name = "node",
           .group = "unknown",
           .rate = PerSecond{per_node_day * static_cast<double>(nodes) / kDay},
           .unnoticed = {},
           .repair = repair}};
}

PerSecond interruption_rate(const std::vector<JobFailure>& failures) {
  PerSecond rate;
  for (const JobFailure& one : failures) rate += one.rate;
  return rate;
}

Seconds mean_time_to_interruption(const std::vector<JobFailure>& failures) {
  const PerSecond rate = interruption_rate(failures);
  SOCLE_CHECK(rate > PerSecond{}, "a job that can fail is asked for its time to interruption");
  return 1.0 / rate;
}

std::optional<Seconds> measured_time_to_interruption(const catalog::FailureFleet& fleet, std::int64_t chips) {
  std::vector<catalog::ObservedJob> jobs = fleet.observed;
  std::sort(jobs.begin(), jobs.end(), [](const auto& a, const auto& b) { return a.chips < b.chips; });
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (jobs[i].chips == chips) return jobs[i].mtti;
    if (i == 0 || jobs[i].chips < chips || jobs[i - 1].chips > chips) continue;
    const double from = std::log(static_cast<double>(jobs[i - 1].chips)),
                 to = std::log(static_cast<double>(jobs[i].chips));
    const double share = (std::log(static_cast<double>(chips)) - from) / (to - from);
    return Seconds{std::exp(std::log(jobs[i - 1].mtti.value()) * (1 - share) + std::log(jobs[i].mtti.value()) * share)};
  }
  return std::nullopt;
}

std::vector<ObservedConflict> observed_conflicts(const catalog::FailureFleet& fleet) {
  std::vector<ObservedConflict> conflicts;
  for (const catalog::ObservedJob& observed : fleet.observed) {
    const auto failures = job_failures(
        fleet, {.chips = observed.chips, .chips_per_node = fleet.chips_per_node, .links = std::nullopt}, {});
    const Seconds predicted = mean_time_to_interruption(failures);
    const double ratio = std::max(predicted / observed.mtti, observed.mtti / predicted);
    if (ratio > kObservedRatio) conflicts.push_back({observed, predicted});
  }
  return conflicts;
}

}  // namespace socle::reliability
