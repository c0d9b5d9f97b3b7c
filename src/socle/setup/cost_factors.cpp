#include "socle/setup/cost_factors.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/suggest.hpp"

namespace socle::setup {
namespace {

using cost::CostFactor;
using cost::index_of;

bool among(const std::string& name, const std::vector<std::string>& names) {
  return name.empty() || std::any_of(names.begin(), names.end(),
                                     [&](const std::string& known) { return plain_name(known) == plain_name(name); });
}

}  // namespace

std::optional<cost::Uncertain> spread_of(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  const double middle = values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  return cost::Uncertain{values.front(), middle, values.back()};
}

FactorDesk::FactorDesk(const scenario::CostSection& section, const std::vector<BookPrice>& book, Currency currency,
                       std::optional<FactorSource> exchange)
    : section_(section), book_(book), currency_(currency) {
  take(CostFactor::kExchange, {}, {}, exchange);
}

void FactorDesk::take(CostFactor factor, const std::vector<std::string>& items, const std::vector<std::string>& regions,
                      const std::optional<FactorSource>& fallback) {
  if (const auto& stated = section_.factors[index_of(factor)]) {
    keep(factor, {.value = {stated->low, stated->middle, stated->high},
                  .currency = stated->currency,
                  .basis = "given",
                  .date = {},
                  .confidence = "given"});
  } else if (const auto found = in_book(factor, items, regions)) {
    keep(factor, *found);
  } else if (fallback) {
    keep(factor, *fallback);
  }
}

std::optional<FactorSource> FactorDesk::in_book(CostFactor factor, const std::vector<std::string>& items,
                                                const std::vector<std::string>& regions) const {
  std::vector<double> values;
  FactorSource source{.value = {}, .currency = {}, .basis = {}, .date = {}, .confidence = "given"};
  for (const BookPrice& price : book_) {
    if (price.factor != factor || !among(price.item, items) || !among(price.region, regions)) continue;
    if (!values.empty() && price.currency != source.currency)
      throw InputError(Problem{
          {},
          price.line,
          0,
          catalog::facts_of(factor).key,
          fmt::format("the price book has {} in two currencies; write it in one", catalog::facts_of(factor).label)});
    source.currency = price.currency;
    source.basis = price.source.empty() ? "price book" : "price book: " + price.source;
    source.date = price.date;
    values.push_back(price.value);
  }
  const auto spread = spread_of(values);
  if (!spread) return std::nullopt;
  source.value = *spread;
  return source;
}

void FactorDesk::keep(CostFactor factor, const FactorSource& source) {
  cost::Factor kept{.value = source.value,
                    .foreign = false,
                    .basis = source.basis,
                    .date = source.date,
                    .confidence = source.confidence};
  if (source.currency && *source.currency != currency_) {
    const auto& exchange = factors_[index_of(CostFactor::kExchange)];
    if (!exchange)
      throw InputError(Problem{
          {},
          0,
          0,
          "exchange_rate",
          fmt::format("{} is in {} and the answer in {}, but no exchange rate is known; write "
                      "exchange_rate in [cost], in CNY for one USD",
                      catalog::facts_of(factor).label, currency_name(*source.currency), currency_name(currency_))});
    const auto turn = [&](double& amount) {
      amount = convert({amount, *source.currency}, currency_, exchange->value.middle).amount;
    };
    turn(kept.value.low), turn(kept.value.middle), turn(kept.value.high);
    kept.foreign = true;
    exchanged_ = true;
  }
  factors_[index_of(factor)] = std::move(kept);
}

}  // namespace socle::setup
