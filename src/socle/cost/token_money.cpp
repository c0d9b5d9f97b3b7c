#include "socle/cost/token_money.hpp"

#include "socle/base/check.hpp"

namespace socle::cost {
namespace {

constexpr double kMillion = 1e6, kHour = 3600;

}  // namespace

double token_sales(const TokenPrices& prices, const TokenFlow& flow) {
  const double cached = prices.cached ? *prices.cached : prices.input.value_or(0);
  return (cached * flow.cached + prices.input.value_or(0) * flow.input + prices.output.value_or(0) * flow.output) /
         kMillion;
}

std::optional<double> margin(double sales, double cost) {
  if (!(cost > 0)) return std::nullopt;
  return sales / cost - 1;
}

double tokens_per_chip_hour(Tokens tokens, int chips, Seconds length) {
  SOCLE_CHECK(chips >= 1 && length > Seconds{}, "a run has chips and a length");
  return tokens.value() / (chips * (length.value() / kHour));
}

double chip_hours_for(Tokens tokens, double per_chip_hour) {
  SOCLE_CHECK(per_chip_hour > 0, "a pace is positive");
  return tokens.value() / per_chip_hour;
}

}  // namespace socle::cost
