#pragma once

#include <optional>
#include <vector>

#include "socle/base/money.hpp"
#include "socle/base/quantity.hpp"
#include "socle/scenario/key.hpp"

namespace socle::scenario {

/// [limits]: what a run, a purchase or a network must keep within.
struct LimitsSection {
  std::optional<Money> capex, opex;    ///< of the nodes bought; of the whole run's rent
  std::optional<Watts> power;          ///< of the nodes
  std::optional<Money> network_capex;  ///< of the network that is designed
  std::optional<Watts> network_power;
  std::optional<Seconds> deadline;
  std::optional<int> chips;
  std::optional<double> memory_headroom;  ///< share of the chip's memory that must stay free
};

std::vector<Key<LimitsSection>> limits_keys();

}  // namespace socle::scenario
