#include "socle/cost/run_cost.hpp"

#include <fmt/format.h>

#include "socle/base/check.hpp"

namespace socle::cost {

std::optional<RunCost> run_cost(const HardwarePrice& price, int chips, Seconds length) {
  SOCLE_CHECK(chips >= 1 && length >= Seconds{}, "a run has chips and a length");
  constexpr Seconds kHour{3600.0};
  constexpr Seconds kYear{365.25 * 86400.0};
  if (price.rent_per_chip_hour) return RunCost{*price.rent_per_chip_hour * (chips * (length / kHour)), "rent"};
  if (price.price) {
    return RunCost{*price.price * (length / (price.life_years * kYear)),
                   fmt::format("hardware, straight line over {:g} years", price.life_years)};
  }
  return std::nullopt;
}

}  // namespace socle::cost
