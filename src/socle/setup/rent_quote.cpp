#include "socle/setup/rent_quote.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"

namespace socle::setup {

std::optional<RentQuote> rent_quote(const catalog::Catalog& catalog, std::string_view chip) {
  struct Quotes {
    std::vector<double> values;
    std::string first, last;  ///< dates
  };
  std::map<Currency, Quotes> by_currency;
  for (const catalog::Price& price : catalog.prices()) {
    if (price.category != "rental" || price.chip != chip || !price.value) continue;
    const bool usd = price.unit == "usd/chip-hour", cny = price.unit == "cny/chip-hour";
    if (!usd && !cny) continue;
    Quotes& quotes = by_currency[usd ? Currency::kUsd : Currency::kCny];
    quotes.values.push_back(*price.value);
    if (quotes.first.empty() || price.date < quotes.first) quotes.first = price.date;
    quotes.last = std::max(quotes.last, price.date);
  }
  const Quotes* most = nullptr;
  Currency currency = Currency::kUsd;
  for (const Currency one : {Currency::kUsd, Currency::kCny}) {
    const auto found = by_currency.find(one);
    if (found == by_currency.end()) continue;
    if (most != nullptr && found->second.values.size() <= most->values.size()) continue;
    most = &found->second;
    currency = one;
  }
  if (most == nullptr) return std::nullopt;
  std::vector<double> sorted = most->values;
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  const double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  return RentQuote{
      .rent = {median, currency},
      .text = fmt::format("{} of the catalogue, {}{}", n == 1 ? "1 quote" : fmt::format("median of {} quotes", n),
                          most->first, most->first == most->last ? "" : " to " + most->last)};
}

Money parse_rent(const std::string& text) {
  const std::string amount = text.substr(0, text.find('/'));
  const Parsed<Money> parsed = parse_unit_text<Money>(amount);
  if (!parsed.value || !(parsed.value->amount > 0))
    throw InputError(
        Problem{{},
                0,
                0,
                "rents",
                fmt::format("\"{}\" is no rent of a chip and hour; write it as 2 USD or 14 CNY", printable(text))});
  return *parsed.value;
}

}  // namespace socle::setup
