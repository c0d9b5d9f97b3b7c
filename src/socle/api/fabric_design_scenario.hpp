#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "socle/api/named.hpp"
#include "socle/api/scenario_flags.hpp"
#include "socle/base/error.hpp"
#include "socle/base/money.hpp"
#include "socle/base/quantity.hpp"

namespace socle::api {

/// Parts that [fabric.prices] and [fabric.power] may name, in this order.
inline constexpr std::size_t kFabricParts = 5;
inline constexpr std::array<const char*, kFabricParts> kFabricPartNames{"switch", "rack_cable", "row_cable", "hall_cable", "nic"};

/// What [fabric] says about fabrics to choose among. Empty = the default; names are not looked up yet.
struct FabricDesignKeys {
  std::optional<int> hosts, nics;         ///< without [cluster]; nics: of one host
  std::optional<int> rails;               ///< NICs that are numbered alike in every host; default: all of a host's
  std::optional<BytesPerSecond> link;     ///< of one NIC, per direction
  Named switch_box;                       ///< of the catalogue
  std::optional<int> radix;               ///< in place of a switch of the catalogue
  std::optional<int> scale_up_domain;     ///< endpoints that share a scale-up fabric, without [cluster]
  std::vector<std::string> topologies;
  std::vector<double> oversubscriptions;
  std::vector<int> planes, tiers;
  std::optional<Seconds> hop_latency;
  std::optional<int> rail_cable, host_cable;   ///< index of cost::CableReach
  Named price_list;                       ///< provider of prices of category "network"; empty = prices of parts
  std::string price_date, price_source;   ///< of the prices given here
  std::array<std::optional<Money>, kFabricParts> prices;
  std::array<std::optional<Watts>, kFabricParts> power;
};

/// Fills `keys` from [fabric]; problems go to the table's document.
void read_fabric_design(const TomlTable& table, FabricDesignKeys& keys);

/// Flags of `socle fabric design` beside those of every scenario, in the order of `--help`.
std::vector<ScenarioFlag> fabric_design_flags();

/// Lays them over `keys` and adds what is wrong with them to `problems`.
void apply_fabric_design_flags(const ScenarioFlags& flags, FabricDesignKeys& keys, Problems& problems);

inline constexpr int kHostsMax = 1'000'000;
inline constexpr int kNicsMax = 1024;
inline constexpr int kRadixMax = 4096;
inline constexpr double kOversubscriptionMax = 64.0;

}  // namespace socle::api
