#include "socle/answer/risk/cuts.hpp"

#include <utility>

#include <fmt/format.h>

namespace socle::answer {
namespace {

constexpr double kHour = 3600;

std::int64_t spares_of(const scenario::RiskSection& risk) {
  return risk.hot_spares.value_or(0) + risk.warm_spares.value_or(0);
}

/// Rent of the spares that go, over the expected time without the saving.
std::optional<Money> spare_rent(const RiskResult& base, const Cut& cut) {
  const auto& rent = base.setup.cluster.rent_per_chip_hour;
  const std::int64_t fewer = spares_of(base.setup.risk) - spares_of(cut.risk);
  if (!rent || fewer == 0) return std::nullopt;
  const double hours = base.facts.run.value() / base.simulated.effective / kHour;
  return *rent * (static_cast<double>(fewer * base.setup.chips_per_node) * hours);
}

CutOutcome weigh(const RiskResult& base, const Cut& cut, const std::string& source, const RiskOptions& options,
                 Progress* progress) {
  CutOutcome outcome{
      .cut = cut, .refusal = {}, .wall_p50 = {}, .wall_p99 = {}, .saved = {}, .lost_expected = {}, .lost_p99 = {}};
  outcome.saved = cut.saved ? cut.saved : spare_rent(base, cut);
  setup::RiskSetup setup = base.setup;
  setup.risk = cut.risk;
  setup.trace.reset();
  const auto changed = risk(std::move(setup), base.facts, source, options, progress);
  if (!changed) {
    outcome.refusal = changed.why();
    return outcome;
  }
  outcome.effective = changed->simulated.effective;
  outcome.wall_p50 = Seconds{changed->simulated.wall.p50};
  outcome.wall_p99 = Seconds{changed->simulated.wall.p99};
  const double run = base.facts.run.value();
  outcome.hours_expected = run * (1 / changed->simulated.effective - 1 / base.simulated.effective) / kHour;
  outcome.hours_p99 = (changed->simulated.wall.p99 - base.simulated.wall.p99) / kHour;
  if (!base.lost) return outcome;
  if (outcome.saved && outcome.saved->currency != base.lost->per_hour.currency)
    throw InputError(
        Problem{source, 0, 0, "cut",
                fmt::format("--cut {}: the saving is in {}, lost hours are worth {}; write one currency", cut.text,
                            currency_name(outcome.saved->currency), currency_name(base.lost->per_hour.currency))});
  outcome.lost_expected = base.lost->per_hour * outcome.hours_expected;
  outcome.lost_p99 = base.lost->per_hour * outcome.hours_p99;
  return outcome;
}

}  // namespace

std::vector<CutOutcome> weigh_cuts(const RiskResult& base, const std::vector<Cut>& cuts, const std::string& source,
                                   const RiskOptions& options, Progress* progress) {
  std::vector<CutOutcome> outcomes;
  std::optional<Money> sum;
  bool known = true;
  for (const Cut& cut : cuts) {
    CutOutcome outcome = weigh(base, cut, source, options, progress);
    if (cut.combined) outcome.saved = known ? sum : std::nullopt;
    known = known && outcome.saved;
    if (outcome.saved && !cut.combined) sum = sum ? *sum + *outcome.saved : *outcome.saved;
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

}  // namespace socle::answer
