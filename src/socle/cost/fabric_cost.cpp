#include "socle/cost/fabric_cost.hpp"

#include <cmath>

#include <fmt/format.h>

#include "socle/base/check.hpp"

namespace socle::cost {
namespace {

BillLine line_of(const PricedPart& part, double count, FabricBill& bill) {
  BillLine line{.part = part.name, .count = count, .price = {}, .power = {}};
  if (part.price) line.price = *part.price * count;
  if (part.power) line.power = *part.power * count;
  if (line.price) bill.price_of_known += line.price->amount;
  if (line.power) bill.power_of_known += *line.power;
  if (!part.price) bill.unpriced += count, bill.unpriced_part += part.name + ";";
  if (!part.power) bill.unpowered += count, bill.unpowered_part += part.name + ";";
  if ((!part.price || !part.power) && count > 0) {
    if (!bill.unknown.empty()) bill.unknown += ", ";
    bill.unknown += (part.price ? "power of " : part.power ? "price of " : "price and power of ") + part.name;
  }
  return line;
}

}  // namespace

const char* reach_name(CableReach reach) {
  static constexpr const char* kNames[kReaches] = {"rack", "row", "hall"};
  return kNames[static_cast<std::size_t>(reach)];
}

FabricBill fabric_cost(const FabricOrder& order, const FabricPrices& prices) {
  FabricBill bill;
  if (order.switches_priced)
    bill.lines.push_back(line_of(prices.switch_box, static_cast<double>(order.switches), bill));
  std::array<double, kReaches> by_reach{};
  double modules = 0;
  for (const CableOrder& cable : order.cables) {
    SOCLE_CHECK(cable.speed_share > 0 && cable.speed_share <= 1, "a cable is at most as fast as a NIC");
    const double whole = static_cast<double>(cable.count) * cable.speed_share;
    by_reach[static_cast<std::size_t>(cable.reach)] += whole;
    bill.cables[static_cast<std::size_t>(cable.reach)] += cable.count;
    if (cable.reach == CableReach::kHall) modules += 2 * whole;
  }
  for (std::size_t reach = 0; reach < kReaches; ++reach) {
    if (by_reach[reach] > 0) bill.lines.push_back(line_of(prices.cable[reach], by_reach[reach], bill));
  }
  bill.modules = static_cast<std::uint64_t>(std::ceil(modules));
  bool priced = order.switches_priced, powered = order.switches_priced;
  if (!order.switches_priced) {
    constexpr const char* kRouters = "routers inside the accelerators";
    bill.unknown += (bill.unknown.empty() ? "" : ", ") + fmt::format("price and power of {}", kRouters);
    bill.unpriced = bill.unpowered = static_cast<double>(order.switches);
    bill.unpriced_part = bill.unpowered_part = kRouters;
  }
  for (const BillLine& line : bill.lines) {
    priced = priced && line.price.has_value();
    powered = powered && line.power.has_value();
  }
  if (priced && !bill.lines.empty()) {
    bill.price = *bill.lines.front().price;
    for (std::size_t i = 1; i < bill.lines.size(); ++i) bill.price = *bill.price + *bill.lines[i].price;
  }
  if (powered) {
    bill.power = Watts{};
    for (const BillLine& line : bill.lines) *bill.power += *line.power;
  }
  return bill;
}

}  // namespace socle::cost
