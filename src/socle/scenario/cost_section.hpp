#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/base/money.hpp"
#include "socle/catalog/cost_factor.hpp"
#include "socle/scenario/key.hpp"
#include "socle/scenario/named.hpp"

namespace socle::scenario {

/// A factor as stated: one figure, or its low and high end, or low, middle and high.
struct StatedFactor {
  double low = 0, middle = 0, high = 0;
  std::optional<Currency> currency;  ///< of an amount of money
  TomlPosition at{};                 ///< in the file; none of a flag
};

/// The price of electricity at some hours of the day.
struct HourlyTariff {
  int from = 0, to = 24;  ///< hours; to > from
  Money per_kwh;
};

/// One way that demand may turn out.
struct StatedDemand {
  double share = 0;  ///< its probability
  int chips = 0;     ///< that have work
};

/// [cost]: what machines, halls, people and electricity cost.
struct CostSection {
  bool in_file = false;
  Named region;
  std::optional<Currency> currency;  ///< of the answer
  catalog::PerFactor<std::optional<StatedFactor>> factors;
  std::vector<HourlyTariff> tariff_by_hour;
  catalog::CostBasis basis = catalog::CostBasis::kCheapest;   ///< of a plan
  std::optional<int> months;                                  ///< for which it is needed
  std::vector<StatedDemand> demand;                           ///< shares add up to 1; empty: it is sure
  std::optional<Money> sell_cached, sell_input, sell_output;  ///< for a million tokens
  std::optional<Money> hold_budget;                           ///< most that a year of what is held may cost
  TomlPosition hold_budget_at{};                              ///< in the file; none of a flag
};

std::vector<Key<CostSection>> cost_keys();

}  // namespace socle::scenario
