#include "socle/answer/cost/cost.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/cost/annuity.hpp"
#include "socle/cost/carbon.hpp"
#include "socle/search/plan_money.hpp"

namespace socle::answer {
namespace {

using cost::CostFactor;
using cost::CostLine;
using cost::index_of;
using cost::Values;
using cost::Way;
using cost::YearlyCost;

constexpr double kSecondsPerHour = 3600.0;

/// Money of one chip-hour that is used, useful or lost to failures; empty: nothing is used, or unknown.
std::optional<double> per_used_hour(const YearlyCost& year, const Values& values) {
  const auto goodput = values[index_of(CostFactor::kGoodput)];
  if (!year.per_useful_chip_hour || !goodput) return std::nullopt;
  const double lost = year.way == Way::kSpot ? values[index_of(CostFactor::kSpotLost)].value_or(0) : 0;
  return *year.per_useful_chip_hour * *goodput * (1 - lost);
}

CostWay way_of(Way way, const setup::CostSetup& setup, const CostParts& parts, const Values& values) {
  CostWay result{.year = cost::yearly_cost(way, setup.subject.plant, values)};
  const YearlyCost& year = result.year;
  if (!year.known()) return result;
  const auto life = values[index_of(CostFactor::kLife)], interest = values[index_of(CostFactor::kInterest)];
  if (life && interest) {
    result.flow = cost::cash_flow(year, *life, setup.years);
    result.present_value = cost::present_value(result.flow, *interest);
  }
  if (parts.run && year.per_useful_chip_hour)
    result.per_run = *year.per_useful_chip_hour * parts.run->chips * (parts.run->length.value() / kSecondsPerHour);
  const auto used = per_used_hour(year, values);
  if (parts.tokens && used) {
    const CostTokens& tokens = *parts.tokens;
    const double per_second = *used * tokens.chips / kSecondsPerHour, million = 1e6;
    if (tokens.output_per_second > 0) result.per_million_output = per_second / tokens.output_per_second * million;
    const double all = tokens.output_per_second + tokens.input_per_second;
    if (all > 0) result.per_million_tokens = per_second / all * million;
    if (setup.token_prices.any()) {
      const double sales =
          cost::token_sales(setup.token_prices, {.cached = tokens.cached_per_second,
                                                 .input = tokens.input_per_second - tokens.cached_per_second,
                                                 .output = tokens.output_per_second});
      result.margin = cost::margin(sales, per_second);
      const double used_hours = year.total / *used;
      result.sales_per_year = sales / tokens.chips * kSecondsPerHour * used_hours;
    }
  }
  return result;
}

void find_cheapest(CostResult& result) {
  for (const CostWay& way : result.ways) {
    const auto cost = way.year.per_useful_chip_hour;
    if (!cost) continue;
    if (!result.cheapest || *cost < *result.way(*result.cheapest).year.per_useful_chip_hour)
      result.cheapest = way.year.way;
  }
}

void find_break_even(CostResult& result, const Values& values) {
  std::optional<Way> rival;
  for (const Way way : {Way::kOnDemand, Way::kReserved}) {
    const YearlyCost& year = result.way(way).year;
    if (year.known() && (!rival || year.total < result.way(*rival).year.total)) rival = way;
  }
  if (!rival) return;
  for (const Way own : {Way::kBuild, Way::kColocate}) {
    CostWay& way = result.ways[static_cast<std::size_t>(own)];
    way.rival = rival;
    way.break_even_utilisation = cost::break_even_utilisation(own, result.setup.subject.plant, values);
    way.break_even_months = cost::break_even_months(own, *rival, result.setup.subject.plant, values);
  }
}

}  // namespace

CostResult cost(setup::CostSetup setup, CostParts parts, const CostOptions& options) {
  if (parts.network) search::take_network(*parts.network, setup.currency, setup.subject.plant, setup.factors);
  CostResult result{
      .setup = std::move(setup), .parts = std::move(parts), .ways = {}, .views = {}, .tornado = {}, .draws = {}};
  const Values values = cost::middle_of(result.setup.factors);
  const cost::Plant& plant = result.setup.subject.plant;
  for (const Way way : cost::kAllWays)
    result.ways[static_cast<std::size_t>(way)] = way_of(way, result.setup, result.parts, values);
  find_cheapest(result);
  find_break_even(result, values);
  result.views = cost::chip_hour_views(plant, values);
  result.shown = options.way ? options.way : result.cheapest;
  if (result.shown) result.tornado = cost::tornado(*result.shown, plant, result.setup.factors);
  result.draws = cost::monte_carlo(plant, result.setup.factors, options.draws, options.seed);
  result.holding = holding_of(result, options.way, result.setup.doubts);
  if (result.holding)
    result.setup.assumptions.push_back(
        fmt::format("A held chip costs what one of these {} does, however many are held, and each case of demand lasts "
                    "the whole year.",
                    plant.chips));
  result.kwh_per_year = cost::yearly_kwh(plant, values);
  const auto carbon = result.setup.region.carbon_kg_per_kwh;
  if (result.kwh_per_year && carbon) result.tonnes_per_year = cost::carbon_tonnes(*result.kwh_per_year, *carbon);
  return result;
}

CostDiff cost_diff(const CostResult& before, const CostResult& after, std::optional<Way> way) {
  if (before.setup.currency != after.setup.currency)
    throw InputError(
        Problem{{}, 0, 0, "currency", "the two reckonings are in different currencies; state --currency for both"});
  const auto both = [&](Way of) { return before.way(of).year.known() && after.way(of).year.known(); };
  if (!way) {
    for (const Way candidate : cost::kAllWays) {
      if (!both(candidate)) continue;
      if (!way || before.way(candidate).year.total < before.way(*way).year.total) way = candidate;
    }
  }
  if (!way || !both(*way))
    throw InputError(
        Problem{{},
                0,
                0,
                "way",
                way ? fmt::format("what it costs to {} is not known of both; socle cost says what is missing",
                                  cost::way_name(*way))
                    : "there is no way of having the machines whose cost is known of both"});
  const YearlyCost &a = before.way(*way).year, &b = after.way(*way).year;
  CostDiff diff{.way = *way, .changes = {}, .before = a.total, .after = b.total};
  for (std::size_t i = 0; i < cost::kCostLines; ++i) {
    if (a.lines[i] || b.lines[i])
      diff.changes.push_back({static_cast<CostLine>(i), a.lines[i].value_or(0), b.lines[i].value_or(0)});
  }
  diff.before_useful_hour = a.per_useful_chip_hour;
  diff.after_useful_hour = b.per_useful_chip_hour;
  return diff;
}

}  // namespace socle::answer
