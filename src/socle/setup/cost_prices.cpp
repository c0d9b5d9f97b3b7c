#include "socle/setup/cost_prices.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/catalog/metered_power.hpp"

namespace socle::setup {
namespace {

using catalog::Price;
using cost::CostFactor;
using cost::index_of;
using cost::Uncertain;

std::string confidence_of(const Price& price) {
  return price.provenance.checked.find("recall") != std::string::npos ? "recall" : price.provenance.confidence;
}

/// The unit of money before a factor's unit, such as "usd/kWh" before "/kWh".
std::optional<Currency> currency_of(const Price& price, std::string_view unit) {
  if (price.unit == "usd" + std::string(unit)) return Currency::kUsd;
  if (price.unit == "cny" + std::string(unit)) return Currency::kCny;
  return std::nullopt;
}

CostFactor rent_of(const Price& price) {
  const auto says = [&](const char* word) { return price.term.find(word) != std::string::npos; };
  if (says("spot")) return CostFactor::kSpot;
  return says("reserved") || says("contract") || says("monthly") || says("block") ? CostFactor::kReserved
                                                                                  : CostFactor::kOnDemand;
}

/// Quotes of one currency: what is in the other is left to the answer's exchange only when it stands alone.
struct Quotes {
  std::vector<double> values;
  std::optional<Currency> currency;
  std::string basis, date, confidence;

  void add(const Price& price, Currency in, double cny_per_usd) {
    if (!currency) currency = in;
    values.push_back(convert({*price.value, in}, *currency, cny_per_usd).amount);
    if (basis.find(price.provenance.source) == std::string::npos)
      basis += (basis.empty() ? "" : "; ") + price.provenance.source;
    date = std::max(date, price.date);
    confidence = values.size() == 1 ? confidence_of(price) : fmt::format("{} quotes", values.size());
  }
  std::optional<FactorSource> source() const {
    const auto spread = spread_of(values);
    if (!spread) return std::nullopt;
    return FactorSource{.value = values.size() == 1 ? by_confidence(values.front(), confidence) : *spread,
                        .currency = currency,
                        .basis = basis,
                        .date = date,
                        .confidence = confidence};
  }
};

FactorSource assumed(Uncertain value, std::string basis, std::optional<Currency> currency = {}) {
  return {.value = value, .currency = currency, .basis = std::move(basis), .date = {}, .confidence = "assumption"};
}

}  // namespace

Uncertain by_confidence(double value, const std::string& confidence) {
  constexpr double kReported = 0.15, kRemembered = 0.30;
  const double share = confidence == "given" || confidence == "datasheet" ? 0.0
                       : confidence == "reported"                         ? kReported
                                                                          : kRemembered;
  return {value * (1 - share), value, value * (1 + share)};
}

std::optional<FactorSource> QuotedPrices::exchange(const catalog::Catalog& catalog) {
  constexpr double kSwing = 0.03;  // of a rate over a year (assumption)
  for (const Price& price : catalog.prices()) {
    if (price.unit == "cny/usd" && price.value.value_or(0.0) > 0)
      return FactorSource{.value = {*price.value * (1 - kSwing), *price.value, *price.value * (1 + kSwing)},
                          .currency = {},
                          .basis = price.provenance.source,
                          .date = price.date,
                          .confidence = confidence_of(price)};
  }
  return std::nullopt;
}

QuotedPrices::QuotedPrices(const catalog::Catalog& catalog, const catalog::Region& region, std::string chip,
                           std::string node, Watts rated_per_node)
    : catalog_(catalog), region_(region), chip_(std::move(chip)), prices_(catalog.prices()) {
  quote(CostFactor::kTariff, "electricity", region.electricity);
  quote(CostFactor::kColocation, "colocation", region.colocation);
  quote(CostFactor::kPue, "pue", region.pue);
  quote_rents();
  quote_power(rated_per_node, node);
  assume();
}

std::optional<FactorSource> QuotedPrices::of(CostFactor factor) const { return quoted_[index_of(factor)]; }

void QuotedPrices::quote(CostFactor factor, const char* category, const std::vector<std::string>& regions) {
  const catalog::CostFactorFacts& facts = catalog::facts_of(factor);
  const auto rate = exchange(catalog_);
  Quotes quotes;
  for (const std::string& region : regions) {
    for (const Price& price : prices_) {
      if (price.category != category || price.region != region || !price.value) continue;
      if (!facts.money) {
        quotes.values.push_back(*price.value);
        quotes.basis += (quotes.basis.empty() ? "" : "; ") + price.provenance.source;
        quotes.date = std::max(quotes.date, price.date);
        quotes.confidence = fmt::format("{} quotes", quotes.values.size());
      } else if (const auto currency = currency_of(price, facts.unit); currency && rate) {
        quotes.add(price, *currency, rate->value.middle);
      } else if (price.unit.ends_with(facts.unit)) {
        unusable_.push_back(fmt::format("{} in {}: {} {} ({}, {}) is in a currency that no rate turns; state {}",
                                        facts.label, region_.name, *price.value, price.unit, price.date,
                                        price.provenance.source, facts.flag));
      }
    }
  }
  quoted_[index_of(factor)] = quotes.source();
}

void QuotedPrices::quote_rents() {
  const auto rate = exchange(catalog_);
  for (const std::string& region : region_.rental) {
    cost::PerFactor<Quotes> found;
    for (const Price& price : prices_) {
      if (price.category != "rental" || price.chip != chip_ || price.region != region || !price.value) continue;
      const auto currency = currency_of(price, "/chip-hour");
      if (currency && rate) found[index_of(rent_of(price))].add(price, *currency, rate->value.middle);
    }
    for (const CostFactor factor : {CostFactor::kOnDemand, CostFactor::kReserved, CostFactor::kSpot}) {
      auto& quoted = quoted_[index_of(factor)];
      if (!quoted) quoted = found[index_of(factor)].source();
      if (quoted && quoted->basis.find("quoted for") == std::string::npos)
        quoted->basis = fmt::format("quoted for {}: {}", region, quoted->basis);
    }
  }
}

void QuotedPrices::quote_power(Watts rated_per_node, const std::string& node) {
  std::vector<double> own, all, idle;
  std::string own_source;
  for (const catalog::MeteredPower& row : catalog::metered_power(catalog_)) {
    const auto rated = catalog_.node(row.node).power;
    if (!rated) continue;
    for (const Watts mean : {row.low, row.mean, row.high}) {
      if (row.node == node && rated_per_node > Watts{}) own.push_back(mean / rated_per_node);
      all.push_back(mean / *rated);
    }
    if (row.node == node) own_source += (own_source.empty() ? "" : "; ") + row.source;
    if (row.idle) idle.push_back(*row.idle / *rated);
  }
  if (const auto spread = spread_of(own)) {
    quoted_[index_of(CostFactor::kWorkingPower)] =
        FactorSource{.value = *spread, .currency = {}, .basis = own_source, .date = {}, .confidence = "measured"};
  } else if (const auto others = spread_of(all)) {
    constexpr double kLeast = 0.5;  // short and strongly scaled runs were metered at half of the rating
    quoted_[index_of(CostFactor::kWorkingPower)] =
        assumed({std::min(kLeast, others->low), others->middle, std::max(0.9, others->high)},
                "as metered on other nodes in training: no run on such a node was metered");
  }
  if (const auto spread = spread_of(idle))
    quoted_[index_of(CostFactor::kIdlePower)] =
        assumed(*spread, "the least that was read before and after metered runs");
}

void QuotedPrices::assume() {
  const auto set = [&](CostFactor factor, FactorSource source) { quoted_[index_of(factor)] = std::move(source); };
  constexpr const char* kBook =
      "Barroso, Hoelzle and Ranganathan, The Datacenter as a Computer, as public code states it; ";
  set(CostFactor::kSite, assumed({7, 10, 14}, std::string(kBook) + "range assumed", Currency::kUsd));
  set(CostFactor::kSiteLife, assumed({10, 12, 20}, std::string(kBook) + "range assumed"));
  set(CostFactor::kSiteUpkeep, assumed({0.03, 0.04, 0.05}, std::string(kBook) + "range assumed", Currency::kUsd));
  set(CostFactor::kLife,
      assumed({3, 5, 6}, "books of Amazon 5, Meta 5.5, Alphabet and Microsoft 6, Chinese firms 3 to 5 years"));
  set(CostFactor::kResidual, assumed({0, 0.05, 0.2}, "assumed"));
  set(CostFactor::kInterest, assumed({0.04, 0.08, 0.12}, std::string(kBook) + "range assumed"));
  set(CostFactor::kMaintenance, assumed({0.02, 0.03, 0.05}, "industry practice 2 to 5 % (recall)"));
  set(CostFactor::kUtilisation, assumed({0.5, 0.8, 0.95}, "assumed"));
  set(CostFactor::kGoodput, assumed({0.8, 0.9, 0.97}, "assumed: Llama 3 reports more than 0.9 on 16,384 H100"));
}

}  // namespace socle::setup
