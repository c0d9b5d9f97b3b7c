#include "socle/setup/price_book.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "socle/base/csv_rows.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"

namespace socle::setup {
namespace {

using catalog::CostFactor;
using catalog::CostFactorFacts;

constexpr std::size_t kNameMost = 200;

std::optional<CostFactor> factor_of(std::string_view key) {
  for (std::size_t i = 0; i < catalog::kCostFactors; ++i) {
    if (key == catalog::facts_of(static_cast<CostFactor>(i)).key) return static_cast<CostFactor>(i);
  }
  return std::nullopt;
}

std::string unknown_factor(const std::string& key) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < catalog::kCostFactors; ++i)
    known.emplace_back(catalog::facts_of(static_cast<CostFactor>(i)).key);
  return fmt::format("\"{}\" is no factor of a cost{}; the reference lists the keys of [cost]", printable(key, 40),
                     did_you_mean(key, known));
}

bool same_but_for_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

/// "CNY/kWh" of a tariff; what is wrong with it, or an empty text.
std::string read_unit(const CostFactorFacts& factor, std::string_view unit, BookPrice& price) {
  if (!factor.money) {
    const bool fits = unit.empty() || unit == factor.unit || (!*factor.unit && unit == "ratio");
    return fits ? ""
                : fmt::format("the unit is \"{}\"; write {}", printable(std::string(unit), 20),
                              *factor.unit ? factor.unit : "nothing, or ratio");
  }
  for (const Currency currency : {Currency::kUsd, Currency::kCny}) {
    const std::string_view name = currency_name(currency);
    if (unit.size() < name.size() || !same_but_for_case(unit.substr(0, name.size()), name)) continue;
    if (!same_but_for_case(unit.substr(name.size()), factor.unit)) break;
    price.currency = currency;
    return {};
  }
  return fmt::format("the unit is \"{}\"; write CNY{} or USD{}", printable(std::string(unit), 20), factor.unit,
                     factor.unit);
}

}  // namespace

std::vector<BookPrice> read_price_book(std::string_view text, const std::string& source) {
  CsvRows rows(text, source);
  rows.require_columns({"factor", "value"});
  for (const std::string& column : rows.columns()) {
    const std::vector<std::string> known{"factor", "value", "unit", "item", "region", "date", "source"};
    if (std::find(known.begin(), known.end(), column) == known.end())
      throw InputError(Problem{source, 1, 0, column,
                               fmt::format("column \"{}\" is unknown{}; the columns are {}", printable(column, 40),
                                           did_you_mean(column, known), fmt::join(known, ", "))});
  }
  const auto cell = [&](const char* column) {
    const auto at = rows.column(column);
    return at ? std::string(rows.cell(*at)) : std::string();
  };
  std::vector<BookPrice> book;
  while (rows.next()) {
    const auto refuse = [&](const char* column, std::string message) {
      rows.problems().add({source, rows.line(), 0, column, std::move(message)});
    };
    BookPrice price;
    price.item = cell("item"), price.region = cell("region");
    price.date = cell("date"), price.source = cell("source");
    price.line = rows.line();
    const std::string key = cell("factor");
    const auto factor = factor_of(key);
    if (!factor) {
      refuse("factor", unknown_factor(key));
      continue;
    }
    price.factor = *factor;
    const CostFactorFacts& facts = catalog::facts_of(*factor);
    const Parsed<double> value = parse_unit_text<double>(cell("value"));
    if (!value.value || !(*value.value >= facts.least && *value.value <= facts.most)) {
      refuse("value", fmt::format("{} = \"{}\"; write a number from {:g} to {:g}", key, printable(cell("value"), 40),
                                  facts.least, facts.most));
      continue;
    }
    price.value = *value.value;
    if (const std::string problem = read_unit(facts, cell("unit"), price); !problem.empty()) {
      refuse("unit", fmt::format("{}: {}", key, problem));
    } else if (std::max({price.item.size(), price.region.size(), price.source.size(), price.date.size()}) > kNameMost) {
      refuse("item", fmt::format("{}: a name of more than {} characters", key, kNameMost));
    } else {
      book.push_back(std::move(price));
    }
  }
  rows.problems().throw_if_any();
  return book;
}

}  // namespace socle::setup
