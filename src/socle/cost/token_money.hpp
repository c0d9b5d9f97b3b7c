#pragma once

#include <optional>

#include "socle/base/quantity.hpp"

/// Money and machine time of tokens.
namespace socle::cost {

/// What a million tokens are sold for; empty: they are not.
struct TokenPrices {
  std::optional<double> cached{}, input{}, output{};  ///< prompts that a cache had, those computed, what is generated

  bool any() const { return cached || input || output; }
};

/// Tokens of a second, or of any other time.
struct TokenFlow {
  double cached = 0, input = 0, output = 0;
};

/// What the flow brings in its time: prices times tokens. Cached prompts without a price of their own are sold as
/// input.
double token_sales(const TokenPrices& prices, const TokenFlow& flow);

/// Sales over what they cost, less one: 0 covers the cost. Empty: it costs nothing.
std::optional<double> margin(double sales, double cost);

/// Tokens that one chip trains on in an hour. Requires: chips >= 1, length > 0.
double tokens_per_chip_hour(Tokens tokens, int chips, Seconds length);

/// Chip-hours of so many tokens at that pace. Requires: per_chip_hour > 0.
double chip_hours_for(Tokens tokens, double per_chip_hour);

}  // namespace socle::cost
