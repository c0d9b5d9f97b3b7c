#pragma once

#include <optional>
#include <string>

#include "socle/base/money.hpp"
#include "socle/base/quantity.hpp"

namespace socle::cost {

/// How hardware is paid for.
struct HardwarePrice {
  std::optional<Money> rent_per_chip_hour;  ///< energy, space and staff included, as clouds sell it
  std::optional<Money> price;               ///< of all nodes when bought
  double life_years = 5.0;                  ///< straight-line life of what is bought, without residual value
};

/// What one run costs.
struct RunCost {
  Money money;
  std::string basis;  ///< "rent" or "hardware, straight line over 5 years"
};

/// Rent when a rent is given, otherwise the run's share of the purchase. Empty when neither price is known.
/// Energy, space, staff and network of bought hardware are not in it. Requires: length >= 0, chips >= 1.
std::optional<RunCost> run_cost(const HardwarePrice& price, int chips, Seconds length);

}  // namespace socle::cost
