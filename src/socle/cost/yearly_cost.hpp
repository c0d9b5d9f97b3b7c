#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/cost/factors.hpp"

namespace socle::cost {

/// What is paid for, whichever way.
struct Plant {
  int nodes = 0, chips = 0;
  Watts rated_per_node{};  ///< 0 = unknown
  Watts network_power{};   ///< of the fabric; 0 = unknown
};

/// How the machines are had.
enum class Way { kBuild, kColocate, kOnDemand, kReserved, kSpot };
inline constexpr std::size_t kWays = 5;
inline constexpr std::array<Way, kWays> kAllWays{Way::kBuild, Way::kColocate, Way::kOnDemand, Way::kReserved,
                                                 Way::kSpot};
const char* way_name(Way way);  ///< "build", "colocate", "rent on demand", "rent reserved", "rent spot"
const char* way_key(Way way);   ///< "build", "colocate", "on_demand", "reserved", "spot"
constexpr bool owns(Way way) { return way == Way::kBuild || way == Way::kColocate; }

/// What a year's money goes to.
enum class CostLine {
  kNodes,
  kSpares,
  kNetwork,
  kStorage,
  kInstallation,
  kHall,
  kHallUpkeep,
  kColocation,
  kEnergy,
  kMaintenance,
  kStaff,
  kSoftware,
  kInsurance,
  kRent
};
inline constexpr std::size_t kCostLines = 14;
const char* line_name(CostLine line);  ///< "nodes", "energy", ...
const char* line_key(CostLine line);

/// One way's bill of a year. Money in the currency of the values.
struct YearlyCost {
  Way way = Way::kBuild;
  std::array<std::optional<double>, kCostLines> lines;  ///< empty = not part of this way, or unknown
  std::vector<CostFactor> missing;                      ///< without which there is no sum
  std::vector<CostFactor> left_out;                     ///< not stated by anybody, and not in the sum
  double total = 0;                                     ///< of the lines; meaningless while something is missing
  double paid_at_start = 0;                             ///< of what is bought and built
  double resale = 0;                                    ///< what is left of it at the end of its life
  /// Total over the chip-hours that did useful work; empty: none did, or something is missing.
  std::optional<double> per_useful_chip_hour;

  bool known() const { return missing.empty(); }
  std::optional<double> line(CostLine of) const { return lines[static_cast<std::size_t>(of)]; }
};

/// Rated load that a hall must feed: nodes, spares and network, in watts.
double rated_load(const Plant& plant, const Values& values);

/// kWh that the meter of the hall counts in a year: working and idle draw of nodes by utilisation, spares idle, network
/// at its power all the time, all times PUE. Empty while a factor or the rated power is unknown.
std::optional<double> yearly_kwh(const Plant& plant, const Values& values);

/// Chip-hours of a year that do useful work: chips x 8766 x utilisation x goodput, and for spot what interruptions
/// leave.
std::optional<double> useful_chip_hours(Way way, const Plant& plant, const Values& values);

/// A year of the plant, one way. Capital is charged as an annuity over its life (annuity.hpp), the hall over its own;
/// rents on demand and spot are paid while chips have work, a reserved rent day and night. Rents include energy, space
/// and the landlord's staff; storage and software that are stated are paid either way.
YearlyCost yearly_cost(Way way, const Plant& plant, const Values& values);

}  // namespace socle::cost
