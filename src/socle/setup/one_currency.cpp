#include "socle/setup/one_currency.hpp"

#include <fmt/format.h>

#include "socle/base/error.hpp"

namespace socle::setup {
namespace {

double exchange_rate(const catalog::Catalog& catalog, std::string& source) {
  for (const catalog::Price& price : catalog.prices()) {
    if (price.unit == "cny/usd" && price.value.value_or(0.0) > 0) {
      source = fmt::format("{} CNY per USD ({}, {})", *price.value, price.date, price.provenance.source);
      return *price.value;
    }
  }
  throw InputError(Problem{
      "prices", 0, 0, "fx",
      "prices are in two currencies and the catalogue holds no exchange rate; give all prices in one currency"});
}

}  // namespace

void OneCurrency::turn(std::optional<Money>& money) {
  if (!money || money->currency == target_) return;
  if (!rate_) {
    std::string source;
    if (stated_rate_)
      source = fmt::format("{:g} CNY per USD (given)", *stated_rate_), rate_ = stated_rate_;
    else
      rate_ = exchange_rate(catalog_, source);
    assumption_ = fmt::format("Prices in the other currency are converted at {}.", source);
  }
  money = convert(*money, target_, *rate_);
}

}  // namespace socle::setup
