#pragma once

#include <optional>
#include <string>

#include "socle/base/money.hpp"
#include "socle/base/quantity.hpp"

namespace socle::setup {

/// The cluster as bought or rented.
struct ClusterFacts {
  std::string name;  ///< e.g. "2048 x DGX H100"
  int chips = 0;
  Watts rated_power{};      ///< of all nodes, whatever their load; 0 = unknown
  std::string power_basis;  ///< which power that is
  std::optional<Money> rent_per_chip_hour;
  std::optional<Money> price;  ///< of all nodes
  std::string price_basis;
};

}  // namespace socle::setup
