#include "socle/setup/cost_setup.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/catalog/trust.hpp"
#include "socle/setup/at_place.hpp"
#include "socle/setup/cost_factors.hpp"
#include "socle/setup/cost_prices.hpp"
#include "socle/setup/refusal.hpp"

namespace socle::setup {
namespace {

using cost::CostFactor;
using cost::index_of;

constexpr const char* kRegionDefault = "cn";
constexpr int kChipsPerNode = 8;  // of bare chips (assumption)

std::optional<Money> price_of(const catalog::Node& node) {
  if (node.price_usd) return Money{*node.price_usd, Currency::kUsd};
  if (node.price_cny) return Money{*node.price_cny, Currency::kCny};
  return std::nullopt;
}

std::string confidence_of(const catalog::Node& node) {
  if (catalog::doubtful(node.provenance, {"price"})) return "recall";
  return node.provenance.confidence == "datasheet" ? "reported"
                                                   : node.provenance.confidence;  // prices are never on one
}

/// The node that bare chips are bought in: of all that hold as many of them, the first that has price and power.
std::optional<catalog::Node> node_of_chips(const catalog::Catalog& catalog, const std::string& chip,
                                           int chips_per_node) {
  std::optional<catalog::Node> found;
  for (catalog::Node& node : catalog.nodes()) {
    if (node.chip != chip || node.chips != chips_per_node) continue;
    const bool whole = price_of(node) && node.power;
    if (!found || (whole && !(price_of(*found) && found->power))) found = std::move(node);
  }
  return found;
}

void note_sources(const cost::Factors& factors, CostSetup& setup) {
  for (const auto& factor : factors) {
    if (!factor || (factor->confidence != "recall" && factor->confidence != "estimate")) continue;
    const auto& facts = catalog::facts_of(static_cast<CostFactor>(&factor - factors.data()));
    setup.doubts.push_back(fmt::format("{}: {} ({}{}{}).", facts.label, factor->confidence, factor->basis,
                                       factor->date.empty() ? "" : ", ", factor->date));
  }
}

Currency currency_for(const scenario::CostSection& section, const CostSubject& subject, const catalog::Region& region) {
  if (section.currency) return *section.currency;
  if (subject.price_given) return subject.node_price->currency;
  if (subject.rent_per_chip_hour) return subject.rent_per_chip_hour->currency;
  return region.currency;
}

std::optional<FactorSource> node_price_source(const CostSubject& subject) {
  if (!subject.node_price) return std::nullopt;
  const std::string confidence = subject.price_given ? "given" : subject.price_confidence;
  return FactorSource{.value = by_confidence(subject.node_price->amount, confidence),
                      .currency = subject.node_price->currency,
                      .basis = subject.price_given ? "given" : subject.price_source,
                      .date = {},
                      .confidence = confidence};
}

std::optional<FactorSource> rent_source(const CostSubject& subject) {
  if (!subject.rent_per_chip_hour) return std::nullopt;
  const double rent = subject.rent_per_chip_hour->amount;
  return FactorSource{.value = {rent, rent, rent},
                      .currency = subject.rent_per_chip_hour->currency,
                      .basis = "given",
                      .date = {},
                      .confidence = "given"};
}

/// Chips draw evenly over the day: the mean of its hours.
std::optional<FactorSource> hourly_tariff(const std::vector<scenario::HourlyTariff>& hours) {
  if (hours.empty()) return std::nullopt;
  double sum = 0;
  for (const scenario::HourlyTariff& part : hours) sum += part.per_kwh.amount * (part.to - part.from);
  const double mean = sum / 24.0;
  return FactorSource{.value = {mean, mean, mean},
                      .currency = hours.front().per_kwh.currency,
                      .basis = "given by hour, mean of the day",
                      .date = {},
                      .confidence = "given"};
}

/// What the scenario says of a factor under another key than its own.
std::optional<FactorSource> stated_elsewhere(CostFactor factor, const scenario::CostSection& section,
                                             const CostSubject& subject) {
  if (factor == CostFactor::kNodePrice && subject.price_given) return node_price_source(subject);
  if (factor == CostFactor::kOnDemand) return rent_source(subject);
  if (factor == CostFactor::kTariff) return hourly_tariff(section.tariff_by_hour);
  return std::nullopt;
}

void refuse_doubles(const scenario::Scenario& scenario, const CostSubject& subject) {
  Problems problems;
  const auto twice = [&](CostFactor factor, const char* other) {
    const auto& stated = scenario.cost.factors[index_of(factor)];
    if (!stated) return;
    problems.add({scenario.source, stated->at.line, stated->at.column, catalog::facts_of(factor).key,
                  fmt::format("{} and {} are both given; write one of them", catalog::facts_of(factor).key, other)});
  };
  if (subject.price_given) twice(CostFactor::kNodePrice, "cluster.price");
  if (subject.rent_per_chip_hour) twice(CostFactor::kOnDemand, "cluster.rent");
  if (!scenario.cost.tariff_by_hour.empty()) twice(CostFactor::kTariff, "tariff_by_hour");
  problems.throw_if_any();
}

/// How demand may turn out, and what may be spent on holding chips for it.
void take_demand(const scenario::Scenario& scenario, CostSetup& setup) {
  const scenario::CostSection& section = scenario.cost;
  const auto refuse = [&](std::string message) {
    return InputError(Problem{scenario.source, section.hold_budget_at.line, section.hold_budget_at.column,
                              "hold_budget", std::move(message)});
  };
  for (const scenario::StatedDemand& one : section.demand) setup.demand.push_back({one.share, one.chips});
  if (!section.hold_budget) return;
  if (section.demand.empty())
    throw refuse("hold_budget is of chips that are held for a demand that is not sure; add demand (--demand)");
  if (section.hold_budget->currency != setup.currency)
    throw refuse(fmt::format("hold_budget is in {} and the answer in {}; write it in that, or state currency",
                             currency_name(section.hold_budget->currency), currency_name(setup.currency)));
  setup.hold_budget = section.hold_budget->amount;
}

/// What tokens are sold for, in the currency of the answer: a price is not turned.
cost::TokenPrices token_prices(const scenario::Scenario& scenario, Currency currency) {
  Problems problems;
  const auto amount = [&](const char* key, const std::optional<Money>& price) -> std::optional<double> {
    if (!price) return std::nullopt;
    if (price->currency != currency)
      problems.add({scenario.source, 0, 0, key,
                    fmt::format("{} is in {} and the answer in {}; write it in that, or state currency", key,
                                currency_name(price->currency), currency_name(currency))});
    return price->amount;
  };
  const scenario::CostSection& section = scenario.cost;
  const cost::TokenPrices prices{.cached = amount("sell_cached", section.sell_cached),
                                 .input = amount("sell_input", section.sell_input),
                                 .output = amount("sell_output", section.sell_output)};
  problems.throw_if_any();
  return prices;
}

void note_exchange(const cost::Factors& factors, CostSetup& setup) {
  const auto& rate = factors[index_of(CostFactor::kExchange)];
  setup.assumptions.push_back(fmt::format("Prices in the other currency are converted at {:g} CNY per USD ({}{}{}).",
                                          rate->value.middle, rate->date, rate->date.empty() ? "" : ", ", rate->basis));
}

}  // namespace

// Prices and power alone are asked for: what a chip computes may be unknown.
CostSubject cost_subject(const catalog::Catalog& catalog, const scenario::ClusterSection& cluster) {
  CostSubject subject;
  std::optional<catalog::Node> node;
  if (!cluster.node.empty()) node = catalog.node(cluster.node.text);
  const catalog::Chip chip = catalog.chip(node ? node->chip : cluster.chip.text);
  const int in_node = node ? node->chips : kChipsPerNode;
  const int chips = cluster.chips.value_or(cluster.nodes.value_or(1) * in_node);
  if (chips > in_node && chips % in_node != 0)
    throw InputError(Problem{{},
                             0,
                             0,
                             "chips",
                             fmt::format("chips = {} is no whole number of nodes of {}; use {} or {}", chips, in_node,
                                         chips / in_node * in_node, (chips / in_node + 1) * in_node)});
  subject.chip = chip.slug;
  subject.plant.chips = chips;
  subject.plant.nodes = std::max(1, chips / in_node);
  subject.cluster =
      node ? fmt::format("{} x {}", subject.plant.nodes, node->name) : fmt::format("{} x {}", chips, chip.name);
  if (!node) node = node_of_chips(catalog, chip.slug, in_node);
  const Watts capped_off = chip.tdp ? *chip.tdp * (in_node * (1.0 - cluster.power_cap)) : Watts{};
  if (node && node->power)
    subject.plant.rated_per_node = *node->power - capped_off;
  else if (chip.tdp)
    subject.plant.rated_per_node = *chip.tdp * in_node - capped_off, subject.chips_power_only = true;
  if (node) {
    subject.node = node->slug;
    subject.node_price = price_of(*node);
    subject.price_source = node->price_source;
    subject.price_confidence = confidence_of(*node);
  }
  if (cluster.price_per_node) {
    subject.node_price = cluster.price_per_node;
    subject.price_given = true;
  }
  subject.rent_per_chip_hour = cluster.rent_per_chip_hour;
  return subject;
}

CostSetup set_up_cost(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                      const std::vector<BookPrice>& book, CostSubject subject) {
  const scenario::CostSection& section = scenario.cost;
  refuse_doubles(scenario, subject);
  Problems problems;
  auto region = at_place(scenario, section.region, "cost.region", problems, [&] {
    return catalog::region(catalog, section.region.empty() ? kRegionDefault : section.region.text);
  });
  problems.throw_if_any();
  CostSetup setup{
      .subject = std::move(subject), .region = std::move(*region), .factors = {}, .assumptions = {}, .doubts = {}};
  setup.currency = currency_for(section, setup.subject, setup.region);
  if (section.region.empty())
    setup.assumptions.push_back(fmt::format("The region is not stated: {} (--region).", setup.region.name));
  const QuotedPrices quoted(catalog, setup.region, setup.subject.chip, setup.subject.node,
                            setup.subject.plant.rated_per_node);
  FactorDesk desk(section, book, setup.currency, QuotedPrices::exchange(catalog));
  std::vector<std::string> items{setup.subject.chip, setup.subject.node};
  std::vector<std::string> regions{setup.region.slug, setup.region.name};
  for (const auto* list :
       {&setup.region.electricity, &setup.region.colocation, &setup.region.pue, &setup.region.rental})
    regions.insert(regions.end(), list->begin(), list->end());
  for (std::size_t i = 0; i < cost::kCostFactors; ++i) {
    const auto factor = static_cast<CostFactor>(i);
    if (factor == CostFactor::kExchange) continue;
    if (const auto stated = stated_elsewhere(factor, section, setup.subject))
      desk.state(factor, *stated);
    else
      desk.take(factor, items, regions,
                factor == CostFactor::kNodePrice ? node_price_source(setup.subject) : quoted.of(factor));
  }
  setup.factors = desk.factors();
  if (desk.exchanged()) note_exchange(setup.factors, setup);
  if (setup.subject.chips_power_only)
    setup.doubts.push_back("No power of such a node is known: its rating is that of its chips, without hosts.");
  for (const std::string& quote : quoted.unusable()) setup.doubts.push_back(quote + ".");
  note_sources(setup.factors, setup);
  take_demand(scenario, setup);
  setup.token_prices = token_prices(scenario, setup.currency);
  if (setup.token_prices.any() && !scenario.requests.in_file)
    setup.doubts.push_back("What tokens are sold for changes nothing: no tokens are served without [requests].");
  setup.years = section.months ? *section.months / 12.0 : setup.factors[index_of(CostFactor::kLife)]->value.middle;
  return setup;
}

CostSetup set_up_cost(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                      const std::vector<BookPrice>& book) {
  const scenario::ClusterSection none;
  const scenario::ClusterSection& cluster = scenario.cluster.value_or(none);
  if (!scenario.cluster || (cluster.node.empty() && cluster.chip.empty()) || (!cluster.nodes && !cluster.chips))
    throw refusal(scenario, "cluster",
                  "no cluster is named; use --cluster NODE:COUNT, --chip NAME --chips N, or [cluster]");
  Problems problems;
  auto subject = at_place(scenario, cluster.node.empty() ? cluster.chip : cluster.node, "cluster", problems,
                          [&] { return cost_subject(catalog, cluster); });
  problems.throw_if_any();
  return set_up_cost(catalog, scenario, book, std::move(*subject));
}

}  // namespace socle::setup
