#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/base/money.hpp"
#include "socle/cost/factors.hpp"
#include "socle/scenario/cost_section.hpp"
#include "socle/setup/price_book.hpp"

namespace socle::setup {

/// A figure for a factor before it is in the currency of the answer.
struct FactorSource {
  cost::Uncertain value;
  std::optional<Currency> currency;  ///< of money
  std::string basis, date, confidence;
};

/// Gathers the factors of a reckoning: what is stated wins over the price book, that over what the catalogue says. All
/// money is brought into one currency.
class FactorDesk {
 public:
  /// Requires: the references outlive the desk.
  FactorDesk(const scenario::CostSection& section, const std::vector<BookPrice>& book, Currency currency,
             std::optional<FactorSource> exchange);

  /// Takes the statement of the section, else the lines of the book that hold for `item` in one of `regions`, else
  /// `fallback`, else leaves the factor out. Throws InputError when an amount is in the other currency and no rate is
  /// known.
  void take(cost::CostFactor factor, const std::vector<std::string>& items, const std::vector<std::string>& regions,
            const std::optional<FactorSource>& fallback);

  /// Takes what the scenario states under another key, such as cluster.rent. Throws as `take` does.
  void state(cost::CostFactor factor, const FactorSource& stated) { keep(factor, stated); }

  const cost::Factors& factors() const { return factors_; }
  /// An amount turned because some figure was in the other currency.
  bool exchanged() const { return exchanged_; }

 private:
  std::optional<FactorSource> in_book(cost::CostFactor factor, const std::vector<std::string>& items,
                                      const std::vector<std::string>& regions) const;
  void keep(cost::CostFactor factor, const FactorSource& source);

  const scenario::CostSection& section_;
  const std::vector<BookPrice>& book_;
  Currency currency_;
  cost::Factors factors_;
  bool exchanged_ = false;
};

/// Several sources of one figure: the median with the least and the most. Empty for none.
std::optional<cost::Uncertain> spread_of(std::vector<double> values);

}  // namespace socle::setup
