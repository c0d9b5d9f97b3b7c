#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/money.hpp"
#include "socle/cost/uncertainty.hpp"
#include "socle/search/fabric_design.hpp"

namespace socle::search {

/// What the machines of an offer cost, whatever their number.
struct OfferCosts {
  cost::Factors factors;                  ///< money in the currency of the plan
  Currency currency = Currency::kUsd;     ///< that currency
  std::optional<FabricQuestion> network;  ///< sized for the offer's nodes; empty: no network is priced
  std::uint64_t machine = 0;              ///< the same for offers of the same machine: they see the same draws
  catalog::CostBasis basis = catalog::CostBasis::kCheapest;  ///< which ways are open
  Watts rated_per_node{};                                    ///< 0 = unknown
};

/// A run on an offer's machines until it is finished, failures included.
struct OfferMoney {
  cost::Plant plant;
  cost::Factors factors;  ///< with the network that was sized
  std::uint64_t machine = 0;
  double goodput = 1.0;                                       ///< share of the time that failures leave
  Seconds finish{};                                           ///< the run over its goodput
  std::array<std::optional<double>, cost::kWays> run_cost{};  ///< each way, in the currency of the plan
  std::vector<cost::CostFactor> left_out;                     ///< of the way taken: stated by nobody, in no sum
  std::vector<cost::CostFactor> missing;                      ///< without which no way has a sum; of building
  std::vector<cost::Way> ways;                                ///< open to the offer within the limits
  std::optional<cost::Way> way;                               ///< the cheapest of them
};

/// A sized network's power becomes the plant's, and its price a factor like any other unless one is stated: 30 % either
/// way, as a sum of estimated parts (assumption). Without an exchange rate a price in the other currency is left out.
void take_network(const PricedFabric& fabric, Currency currency, cost::Plant& plant, cost::Factors& factors);

/// Sizes the network of `nodes` nodes and reckons the run every way. Spot is no way to finish by a day, and is left
/// out; a reserved rent is taken as if its term were the run's (assumption). Requires: run > 0, chips >= nodes >= 1.
OfferMoney money_of_run(const OfferCosts& costs, int nodes, int chips, Seconds run);

/// A run's money at one point of the factors: the cheapest of `ways`. Empty: none is known.
std::optional<double> run_money(const OfferMoney& money, const cost::Values& values, Seconds run);

}  // namespace socle::search
