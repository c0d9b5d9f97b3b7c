#include "socle/cost/yearly_cost.hpp"

#include "socle/base/check.hpp"
#include "socle/cost/annuity.hpp"

namespace socle::cost {
namespace {

/// Reads factors and remembers which were wanted in vain.
class Ledger {
 public:
  Ledger(Way way, const Plant& plant, const Values& values) : plant_(plant), values_(values) { bill_.way = way; }

  double need(CostFactor factor) {
    if (const auto value = values_[index_of(factor)]) return *value;
    bill_.missing.push_back(factor);
    return 0;
  }
  /// A figure that a sum can do without, as long as it says so.
  double maybe(CostFactor factor) {
    if (const auto value = values_[index_of(factor)]) return *value;
    bill_.left_out.push_back(factor);
    return 0;
  }
  void add(CostLine line, double yearly) {
    bill_.lines[static_cast<std::size_t>(line)] = yearly;
    bill_.total += yearly;
  }
  bool has(CostFactor factor) const { return values_[index_of(factor)].has_value(); }

  void buy();
  void run();
  void house();
  void rent(CostFactor rate, bool day_and_night);
  void keep_storage();
  void add_software();
  YearlyCost finish() &&;

 private:
  void capital(CostLine line, double price, double residual) {
    if (!bill_.missing.empty()) return;
    bill_.paid_at_start += price;
    bill_.resale += price * residual;
    add(line, annuity_per_year(price, residual, life_, interest_));
  }

  const Plant& plant_;
  const Values& values_;
  YearlyCost bill_;
  double life_ = 1, interest_ = 0, bought_ = 0;
};

void Ledger::buy() {
  const double residual = need(CostFactor::kResidual);
  life_ = need(CostFactor::kLife), interest_ = need(CostFactor::kInterest);
  const double nodes = need(CostFactor::kNodePrice) * plant_.nodes;
  const double spares = nodes * maybe(CostFactor::kSpares), network = maybe(CostFactor::kNetworkPrice);
  capital(CostLine::kNodes, nodes, residual);
  if (has(CostFactor::kSpares)) capital(CostLine::kSpares, spares, residual);
  if (has(CostFactor::kNetworkPrice)) capital(CostLine::kNetwork, network, residual);
  bought_ = nodes + spares + network;
  const double installation = bought_ * maybe(CostFactor::kInstallation);
  if (has(CostFactor::kInstallation)) capital(CostLine::kInstallation, installation, 0.0);
}

void Ledger::keep_storage() {
  const double storage = maybe(CostFactor::kStoragePrice);
  if (!has(CostFactor::kStoragePrice)) return;
  const double residual = need(CostFactor::kResidual);
  life_ = need(CostFactor::kLife), interest_ = need(CostFactor::kInterest);
  capital(CostLine::kStorage, storage, residual);
  bought_ += storage;
}

void Ledger::run() {
  const double tariff = need(CostFactor::kTariff);
  for (const CostFactor factor :
       {CostFactor::kPue, CostFactor::kUtilisation, CostFactor::kWorkingPower, CostFactor::kIdlePower}) {
    if (!has(factor)) bill_.missing.push_back(factor);
  }
  if (const auto kwh = yearly_kwh(plant_, values_)) {
    add(CostLine::kEnergy, *kwh * tariff);
  } else if (!(plant_.rated_per_node > Watts{})) {
    bill_.missing.push_back(CostFactor::kWorkingPower);  // of a node whose rating nobody states
  }
  add(CostLine::kMaintenance, bought_ * need(CostFactor::kMaintenance));
  const double staff = maybe(CostFactor::kStaff), insurance = maybe(CostFactor::kInsurance);
  if (has(CostFactor::kStaff)) add(CostLine::kStaff, staff);
  if (has(CostFactor::kInsurance)) add(CostLine::kInsurance, bought_ * insurance);
}

void Ledger::add_software() {
  const double software = maybe(CostFactor::kSoftware);
  if (has(CostFactor::kSoftware)) add(CostLine::kSoftware, software * plant_.chips);
}

void Ledger::house() {
  const double load = rated_load(plant_, values_);
  if (bill_.way == Way::kColocate) {
    add(CostLine::kColocation, need(CostFactor::kColocation) * load / kWattsPerKilowatt * kMonthsPerYear);
    return;
  }
  const double hall = need(CostFactor::kSite) * load, years = need(CostFactor::kSiteLife);
  const double upkeep = need(CostFactor::kSiteUpkeep) * load * kMonthsPerYear;
  if (!bill_.missing.empty()) return;
  bill_.paid_at_start += hall;
  add(CostLine::kHall, annuity_per_year(hall, 0.0, years, interest_));
  add(CostLine::kHallUpkeep, upkeep);
}

void Ledger::rent(CostFactor rate, bool day_and_night) {
  const double share = day_and_night ? 1.0 : need(CostFactor::kUtilisation);
  add(CostLine::kRent, need(rate) * plant_.chips * kHoursPerYear * share);
  if (rate == CostFactor::kSpot) maybe(CostFactor::kSpotLost);
}

YearlyCost Ledger::finish() && {
  const auto hours = useful_chip_hours(bill_.way, plant_, values_);
  if (bill_.known() && hours && *hours > 0) bill_.per_useful_chip_hour = bill_.total / *hours;
  return std::move(bill_);
}

}  // namespace

const char* way_name(Way way) {
  static constexpr const char* kNames[kWays] = {"build", "colocate", "rent on demand", "rent reserved", "rent spot"};
  return kNames[static_cast<std::size_t>(way)];
}

const char* way_key(Way way) {
  static constexpr const char* kKeys[kWays] = {"build", "colocate", "on_demand", "reserved", "spot"};
  return kKeys[static_cast<std::size_t>(way)];
}

const char* line_name(CostLine line) {
  static constexpr const char* kNames[kCostLines] = {
      "nodes",      "spare nodes", "network",     "storage", "installation", "hall",      "upkeep of the hall",
      "colocation", "energy",      "maintenance", "staff",   "software",     "insurance", "rent"};
  return kNames[static_cast<std::size_t>(line)];
}

const char* line_key(CostLine line) {
  static constexpr const char* kKeys[kCostLines] = {"nodes", "spares",      "network",    "storage", "installation",
                                                    "hall",  "hall_upkeep", "colocation", "energy",  "maintenance",
                                                    "staff", "software",    "insurance",  "rent"};
  return kKeys[static_cast<std::size_t>(line)];
}

double rated_load(const Plant& plant, const Values& values) {
  const double spares = values[index_of(CostFactor::kSpares)].value_or(0);
  return plant.rated_per_node.value() * plant.nodes * (1.0 + spares) + plant.network_power.value();
}

std::optional<double> yearly_kwh(const Plant& plant, const Values& values) {
  const auto value = [&](CostFactor factor) { return values[index_of(factor)]; };
  const auto utilisation = value(CostFactor::kUtilisation), working = value(CostFactor::kWorkingPower),
             idle = value(CostFactor::kIdlePower), pue = value(CostFactor::kPue);
  if (!utilisation || !working || !idle || !pue || !(plant.rated_per_node > Watts{})) return std::nullopt;
  const double spares = value(CostFactor::kSpares).value_or(0);
  const double share = *utilisation * *working + (1.0 - *utilisation) * *idle + spares * *idle;
  const Watts drawn = plant.rated_per_node * (plant.nodes * share) + plant.network_power;
  return drawn.value() / kWattsPerKilowatt * kHoursPerYear * *pue;
}

std::optional<double> useful_chip_hours(Way way, const Plant& plant, const Values& values) {
  const auto utilisation = values[index_of(CostFactor::kUtilisation)], goodput = values[index_of(CostFactor::kGoodput)];
  if (!utilisation || !goodput) return std::nullopt;
  const double lost = way == Way::kSpot ? values[index_of(CostFactor::kSpotLost)].value_or(0) : 0;
  return plant.chips * kHoursPerYear * *utilisation * *goodput * (1.0 - lost);
}

YearlyCost yearly_cost(Way way, const Plant& plant, const Values& values) {
  SOCLE_CHECK(plant.nodes >= 1 && plant.chips >= 1, "a plant has nodes and chips");
  Ledger ledger(way, plant, values);
  if (owns(way)) {
    ledger.buy();
    ledger.house();
  }
  ledger.keep_storage();
  if (owns(way)) ledger.run();
  ledger.add_software();
  if (way == Way::kOnDemand) ledger.rent(CostFactor::kOnDemand, false);
  if (way == Way::kReserved) ledger.rent(CostFactor::kReserved, true);
  if (way == Way::kSpot) ledger.rent(CostFactor::kSpot, false);
  return std::move(ledger).finish();
}

}  // namespace socle::cost
