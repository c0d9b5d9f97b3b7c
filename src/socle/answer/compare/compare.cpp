#include "socle/answer/compare/compare.hpp"

#include <algorithm>
#include <utility>

namespace socle::answer {
namespace {

ComparedChip compared(const catalog::Chip& chip, const search::Offer& offer, search::PlannedOffer planned,
                      const std::string& day) {
  ComparedChip result{.name = chip.name,
                      .planned = std::move(planned),
                      .price_per_chip = {},
                      .tpp = {},
                      .performance_density = {},
                      .exports = {}};
  if (result.planned.best)
    result.tokens_per_second = (result.planned.best->step.tokens / result.planned.best->step.step_time).value();
  result.power_per_chip = offer.power_per_node / offer.chips_per_node;
  result.rented = offer.rent_per_chip_hour.has_value();
  if (offer.rent_per_chip_hour)
    result.price_per_chip = offer.rent_per_chip_hour;
  else if (offer.price_per_node)
    result.price_per_chip = *offer.price_per_node / offer.chips_per_node;
  result.tpp = catalog::total_performance(chip);
  result.performance_density = catalog::performance_density(chip);
  result.exports = catalog::export_classes(chip, day);
  return result;
}

}  // namespace

bool CompareResult::all_run() const {
  return std::all_of(chips.begin(), chips.end(),
                     [](const ComparedChip& chip) { return chip.planned.best.has_value(); });
}

CompareResult compare(setup::CompareSetup setup, const CompareOptions& options, Progress& progress) {
  setup::PlanSetup& asked = setup.plan;
  const search::Plan planned =
      search::plan(asked.model, asked.job, asked.layout, asked.offers, asked.limits, options.threads, &progress);
  CompareResult result{.model = std::move(asked.model),
                       .job = asked.job,
                       .precision = std::move(asked.precision),
                       .count = setup.count,
                       .day = setup.day,
                       .chips = {},
                       .assumptions = std::move(asked.assumptions),
                       .doubts = std::move(asked.doubts)};
  for (std::size_t i = 0; i < asked.offers.size(); ++i) {
    result.chips.push_back(compared(setup.chips[i], asked.offers[i], planned.offers[i], setup.day));
  }
  // Money compares within one currency only.
  const auto base = result.chips.front().price_per_chip;
  for (ComparedChip& chip : result.chips) {
    if (chip.price_per_chip && base && chip.price_per_chip->currency != base->currency) chip.price_per_chip.reset();
  }
  return result;
}

}  // namespace socle::answer
