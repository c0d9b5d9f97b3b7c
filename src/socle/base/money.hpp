#pragma once

#include <string_view>

#include "socle/base/check.hpp"

namespace socle {

enum class Currency { kUsd, kCny };

constexpr std::string_view currency_name(Currency currency) { return currency == Currency::kUsd ? "USD" : "CNY"; }

/// An amount in one currency. Two currencies never mix: a conversion is an explicit call with a stated rate.
struct Money {
  double amount = 0.0;
  Currency currency = Currency::kUsd;

  bool operator==(const Money&) const = default;

  friend Money operator+(Money a, Money b) { return {a.amount + same(a, b).amount, a.currency}; }
  friend Money operator-(Money a, Money b) { return {a.amount - same(a, b).amount, a.currency}; }
  friend Money operator*(Money a, double factor) { return {a.amount * factor, a.currency}; }
  friend Money operator*(double factor, Money a) { return {a.amount * factor, a.currency}; }
  friend Money operator/(Money a, double divisor) { return {a.amount / divisor, a.currency}; }
  friend double operator/(Money a, Money b) { return a.amount / same(a, b).amount; }

 private:
  static const Money& same(const Money& a, const Money& b) {
    SOCLE_CHECK(a.currency == b.currency, "amounts of one currency are combined");
    return b;
  }
};

/// The same amount in the other currency. Requires: a positive rate, in CNY per USD.
inline Money convert(Money money, Currency target, double cny_per_usd) {
  SOCLE_CHECK(cny_per_usd > 0, "an exchange rate is positive");
  if (money.currency == target) return money;
  return {target == Currency::kCny ? money.amount * cny_per_usd : money.amount / cny_per_usd, target};
}

}  // namespace socle
