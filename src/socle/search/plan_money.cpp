#include "socle/search/plan_money.hpp"

#include "socle/base/check.hpp"

namespace socle::search {
namespace {

using cost::CostFactor;
using cost::Way;

constexpr std::array<Way, 4> kPlannedWays{Way::kBuild, Way::kColocate, Way::kOnDemand, Way::kReserved};
constexpr double kSecondsPerHour = 3600.0;
constexpr double kNetworkRange = 0.3;  // of a sum of estimated parts (assumption)

std::optional<double> one_way(Way way, const cost::Plant& plant, const cost::Values& values, Seconds run) {
  const auto hour = cost::yearly_cost(way, plant, values).per_useful_chip_hour;
  if (!hour) return std::nullopt;
  return *hour * plant.chips * (run.value() / kSecondsPerHour);
}

}  // namespace

void take_network(const PricedFabric& fabric, Currency currency, cost::Plant& plant, cost::Factors& factors) {
  const cost::FabricBill& bill = fabric.bill;
  if (bill.power) plant.network_power = *bill.power;
  auto& factor = factors[cost::index_of(CostFactor::kNetworkPrice)];
  if (factor || !bill.price) return;
  const auto& exchange = factors[cost::index_of(CostFactor::kExchange)];
  const bool foreign = bill.price->currency != currency;
  if (foreign && !exchange) return;
  const double price = foreign ? convert(*bill.price, currency, exchange->value.middle).amount : bill.price->amount;
  factor = cost::Factor{.value = {price * (1 - kNetworkRange), price, price * (1 + kNetworkRange)},
                        .foreign = foreign,
                        .basis = "as fabric design sizes it: " + fabric.name,
                        .date = {},
                        .confidence = "estimate"};
}

OfferMoney money_of_run(const OfferCosts& costs, int nodes, int chips, Seconds run) {
  SOCLE_CHECK(nodes >= 1 && chips >= nodes && run > Seconds{}, "a run has machines and a length");
  OfferMoney money{
      .plant = {.nodes = nodes, .chips = chips, .rated_per_node = costs.rated_per_node, .network_power = {}},
      .factors = costs.factors,
      .machine = costs.machine,
      .left_out = {},
      .missing = {},
      .ways = {},
      .way = {}};
  if (costs.network && nodes >= 2) {
    FabricQuestion question = *costs.network;
    question.hosts = static_cast<std::uint32_t>(nodes);
    if (const auto fabric = cheapest_fabric(question))
      take_network(*fabric, costs.currency, money.plant, money.factors);
  }
  const cost::Values values = cost::middle_of(money.factors);
  money.goodput = values[cost::index_of(CostFactor::kGoodput)].value_or(1.0);
  money.finish = run / money.goodput;
  for (const Way way : kPlannedWays) {
    money.run_cost[static_cast<std::size_t>(way)] = one_way(way, money.plant, values, run);
    const bool open =
        costs.basis == catalog::CostBasis::kCheapest || (costs.basis == catalog::CostBasis::kOwned) == cost::owns(way);
    if (open && money.run_cost[static_cast<std::size_t>(way)]) money.ways.push_back(way);
  }
  money.missing = cost::yearly_cost(Way::kBuild, money.plant, values).missing;
  return money;
}

std::optional<double> run_money(const OfferMoney& money, const cost::Values& values, Seconds run) {
  std::optional<double> least;
  for (const Way way : money.ways) {
    const auto amount = one_way(way, money.plant, values, run);
    if (amount && (!least || *amount < *least)) least = amount;
  }
  return least;
}

}  // namespace socle::search
