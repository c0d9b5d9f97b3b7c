#include "socle/answer/compare/compare.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "socle/catalog/assumed_fact.hpp"
#include "socle/search/fitting.hpp"

namespace socle::answer {
namespace {

ComparedChip compared(const catalog::Chip& chip, const search::Offer* offer, search::PlannedOffer planned,
                      const std::string& day) {
  ComparedChip result{.name = chip.name,
                      .slug = chip.slug,
                      .missing = {},
                      .planned = std::move(planned),
                      .price_per_chip = {},
                      .tpp = {},
                      .performance_density = {},
                      .exports = {}};
  if (result.planned.best)
    result.tokens_per_second = (result.planned.best->step.tokens / result.planned.best->step.step_time).value();
  if (offer) {
    result.power_per_chip = offer->power_per_node / offer->chips_per_node;
    result.rented = offer->rent_per_chip_hour.has_value();
    if (offer->rent_per_chip_hour)
      result.price_per_chip = offer->rent_per_chip_hour;
    else if (offer->price_per_node)
      result.price_per_chip = *offer->price_per_node / offer->chips_per_node;
  }
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

namespace {

ComparedChip unjudged(const catalog::Chip& chip, const std::string& day) {
  ComparedChip result = compared(chip, nullptr, {.name = chip.name}, day);
  result.missing = catalog::missing_facts(chip);
  result.planned.infeasible = catalog::not_public(chip);
  return result;
}

// As many of each as are as fast as `count` of the one that is matched: a plan whose deadline is that one's time.
search::Plan plan_to_match(const setup::CompareSetup& setup, std::vector<search::Offer>& offers, unsigned threads,
                           Progress& progress) {
  const setup::PlanSetup& asked = setup.plan;
  const std::size_t matched = *setup.offers[*setup.match];
  std::vector<search::Offer> alone;
  alone.push_back(std::move(offers[matched]));
  search::Plan plan = search::plan(asked.model, asked.job, asked.layout, alone, asked.limits, threads, &progress);
  search::PlannedOffer first = std::move(plan.offers.front());
  offers[matched] = std::move(alone.front());
  if (!first.best) {
    return search::plan(asked.model, asked.job, asked.layout, offers, asked.limits, threads, &progress);
  }
  workload::TrainingJob job = asked.job;
  job.total_tokens = first.best->step.tokens;
  search::PlanLimits limits = asked.limits;
  limits.deadline = first.best->step.step_time * (1 + 1e-9);
  for (std::size_t i = 0; i < offers.size(); ++i) {
    if (i != matched) offers[i].nodes.reset();
  }
  plan = search::plan(asked.model, job, asked.layout, offers, limits, threads, &progress);
  for (std::size_t i = 0; i < offers.size(); ++i) {
    if (i != matched && !plan.offers[i].best)
      plan.offers[i].infeasible = fmt::format("no number of nodes up to {} chips keeps up with {}",
                                              search::sized_chips_max(limits), first.name);
  }
  plan.offers[matched] = std::move(first);
  return plan;
}

}  // namespace

CommonCount smallest_common_count(const setup::CompareSetup& setup, unsigned threads, Progress& progress) {
  const setup::PlanSetup& asked = setup.plan;
  const auto misfit = [&](const search::Offer& offer) {
    search::Misfit m{.model = asked.model,
                     .job = asked.job,
                     .given = offer.layout ? *offer.layout : asked.layout,
                     .machine = offer.machine,
                     .chips = offer.chips_per_node,
                     .chips_per_node = offer.chips_per_node};
    if (asked.limits.memory_headroom) m.memory_headroom = *asked.limits.memory_headroom;
    return m;
  };
  const auto fits = [&](const search::Offer& offer, int chips) {
    return search::some_layout_fits(misfit(offer), offer.layout ? *offer.layout : asked.layout, chips, threads,
                                    &progress);
  };
  std::vector<const search::Offer*> able;
  int least = 1, whole = 1;
  for (const search::Offer& offer : asked.offers) {
    const std::optional<int> chips = fits(offer, offer.chips_per_node)
                                         ? std::optional(offer.chips_per_node)
                                         : search::smallest_fitting_chips(misfit(offer), threads, &progress);
    if (!chips) continue;
    able.push_back(&offer);
    least = std::max(least, *chips);
    whole = std::lcm(whole, offer.chips_per_node);
  }
  if (able.empty()) return {std::nullopt, search::kChipsMax};
  constexpr int kTries = 64;
  int count = (least + whole - 1) / whole * whole;
  for (int i = 0; i < kTries; ++i, count += whole) {
    if (std::all_of(able.begin(), able.end(), [&](const search::Offer* offer) { return fits(*offer, count); }))
      return {count, count};
  }
  return {std::nullopt, count - whole};
}

CompareResult compare(setup::CompareSetup setup, const CompareOptions& options, Progress& progress) {
  setup::PlanSetup& asked = setup.plan;
  const search::Plan planned = setup.match ? plan_to_match(setup, asked.offers, options.threads, progress)
                                           : search::plan(asked.model, asked.job, asked.layout, asked.offers,
                                                          asked.limits, options.threads, &progress);
  search::note_stacks(planned.offers, asked.assumptions);
  CompareResult result{.model = std::move(asked.model),
                       .job = asked.job,
                       .precision = std::move(asked.precision),
                       .count = setup.count,
                       .match = setup.match,
                       .day = setup.day,
                       .chips = {},
                       .assumptions = std::move(asked.assumptions),
                       .doubts = std::move(asked.doubts)};
  for (std::size_t i = 0; i < setup.chips.size(); ++i) {
    const auto& offer = setup.offers[i];
    result.chips.push_back(offer ? compared(setup.chips[i], &asked.offers[*offer], planned.offers[*offer], setup.day)
                                 : unjudged(setup.chips[i], setup.day));
  }
  // Money compares within one currency only.
  const auto base = result.chips.front().price_per_chip;
  for (ComparedChip& chip : result.chips) {
    if (chip.price_per_chip && base && chip.price_per_chip->currency != base->currency) chip.price_per_chip.reset();
  }
  return result;
}

}  // namespace socle::answer
