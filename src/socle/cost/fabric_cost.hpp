#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/money.hpp"
#include "socle/base/quantity.hpp"

namespace socle::cost {

/// How far a cable leads; its price and power follow (docs/design/network-design.md).
enum class CableReach { kRack, kRow, kHall };
inline constexpr std::size_t kReaches = 3;
const char* reach_name(CableReach reach);  ///< "rack", "row", "hall"

/// What one part costs and draws, as somebody stated it. Empty = nobody did.
struct PricedPart {
  std::string name;
  std::optional<Money> price;
  std::optional<Watts> power;
  std::string date;        ///< of the price, as far as its source tells; empty = undated
  std::string confidence;  ///< "given", "datasheet", "reported", "recall" or "estimate"
  std::string source;
};

/// One price list. A cable's part holds everything from port to port: both modules of an optical one.
struct FabricPrices {
  PricedPart switch_box;
  std::array<PricedPart, kReaches> cable;  ///< by CableReach, at the speed of one NIC
  PricedPart nic;                          ///< shown beside the fabric, not in its price: hosts are bought with NICs
};

/// Cables of one reach.
struct CableOrder {
  CableReach reach = CableReach::kRack;
  std::uint64_t count = 0;
  double speed_share = 1.0;  ///< speed over that of the NIC: a plane of eight runs cables of an eighth
};

/// What a fabric is built of.
struct FabricOrder {
  std::uint64_t endpoints = 0;
  std::uint64_t switches = 0;
  bool switches_priced = true;  ///< false: they are parts of the accelerators (torus)
  std::vector<CableOrder> cables;
};

struct BillLine {
  std::string part;
  double count = 0;            ///< of the part; cables of a plane count with their share of speed
  std::optional<Money> price;  ///< of all
  std::optional<Watts> power;
};

/// Money and power of a fabric without its NICs.
struct FabricBill {
  std::vector<BillLine> lines;
  std::array<std::uint64_t, kReaches> cables{};  ///< by reach; those of a rack are copper, the others optical
  std::uint64_t modules = 0;                     ///< pluggable optics at NIC speed: two for each cable of the hall
  std::optional<Money> price;                    ///< empty when a part's is unknown
  std::optional<Watts> power;
  std::string unknown;  ///< parts whose price or power nobody states; empty = none
  // What is known where the sum is not: fabrics of one unknown box still compare.
  double price_of_known = 0;                  ///< of the parts that have one, in the currency of the list
  Watts power_of_known{};                     ///< likewise
  double unpriced = 0, unpowered = 0;         ///< parts without, by count
  std::string unpriced_part, unpowered_part;  ///< which ones
};

/// Sums a fabric up. Money and watts of a slower cable are in proportion to its speed: planes share modules by
/// break-out (assumption). Requires: prices of one currency; speed shares in (0, 1].
FabricBill fabric_cost(const FabricOrder& order, const FabricPrices& prices);

}  // namespace socle::cost
