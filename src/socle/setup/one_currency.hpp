#pragma once

#include <optional>
#include <string>

#include "socle/base/money.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::setup {

/// Brings prices into one currency at a stated rate, else the catalogue's, and tells the rate when it was needed:
/// currency never converts silently.
class OneCurrency {
 public:
  /// Requires: `catalog` outlives this object.
  OneCurrency(const catalog::Catalog& catalog, Currency target, std::optional<double> stated_rate = {})
      : catalog_(catalog), target_(target), stated_rate_(stated_rate) {}

  /// Converts in place; empty money stays empty. Throws InputError when the catalogue holds no rate.
  void turn(std::optional<Money>& money);
  /// The sentence to show beside the answer; empty when nothing was converted.
  const std::optional<std::string>& assumption() const { return assumption_; }

 private:
  const catalog::Catalog& catalog_;
  Currency target_;
  std::optional<double> stated_rate_;  ///< CNY per USD, as the user has it
  std::optional<double> rate_;         ///< in use
  std::optional<std::string> assumption_;
};

}  // namespace socle::setup
