#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace socle::catalog {

/// Everything that a reckoning of costs asks for. A money factor is in one currency; shares are fractions.
enum class CostFactor : unsigned char {
  kNodePrice,     ///< of one node
  kNetworkPrice,  ///< of the fabric beyond the nodes' NICs
  kStoragePrice,  ///< of all storage
  kInstallation,  ///< share of what is bought: freight, cabling, commissioning
  kSpares,        ///< nodes beyond those that work, as a share of them
  kSite,          ///< a hall of one's own, for one watt of rated load
  kSiteLife,      ///< years
  kSiteUpkeep,    ///< of the hall, for one watt and month
  kColocation,    ///< for one kW of rated load and month, without energy
  kTariff,        ///< of one kWh
  kPue,
  kWorkingPower,  ///< mean draw of a node that works, as a share of its rating
  kIdlePower,     ///< ... of one that waits
  kLife,          ///< years of what is bought
  kResidual,      ///< share of the price that is left at the end of its life
  kInterest,      ///< a year
  kMaintenance,   ///< share of the price a year
  kStaff,         ///< of all, a year
  kSoftware,      ///< of one chip, a year
  kInsurance,     ///< and property taxes: share of the price a year
  kUtilisation,   ///< share of the time in which the chips have work
  kGoodput,       ///< share of the working time that is not lost to failures
  kOnDemand,      ///< rent of one chip and hour
  kReserved,      ///< ... with a term, paid day and night
  kSpot,          ///< ... that may be taken away
  kSpotLost,      ///< share of the working time that interruptions of spot chips cost
  kExchange,      ///< CNY for one USD
  kCount
};
inline constexpr std::size_t kCostFactors = static_cast<std::size_t>(CostFactor::kCount);

/// By which ways of having machines candidates are compared.
enum class CostBasis { kCheapest, kOwned, kRented };

template <typename T>
using PerFactor = std::array<T, kCostFactors>;
constexpr std::size_t index_of(CostFactor factor) { return static_cast<std::size_t>(factor); }

/// How one factor is written and called.
struct CostFactorFacts {
  const char* key;     ///< of [cost], e.g. "tariff"
  const char* flag;    ///< "--tariff"
  const char* unit;    ///< of money: "/kWh"; of a number: "years"; empty = a plain share or ratio
  bool money;          ///< an amount of money before the unit
  double least, most;  ///< that make sense, in the unit
  const char* label;   ///< "electricity tariff"
  const char* help;    ///< one line
};
const CostFactorFacts& facts_of(CostFactor factor);

}  // namespace socle::catalog
