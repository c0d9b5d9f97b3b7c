#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/progress.hpp"
#include "socle/cost/fabric_cost.hpp"
#include "socle/net/blast_radius.hpp"
#include "socle/net/fabric_spec.hpp"

namespace socle::search {

/// A switch that fabrics may be built of.
struct SwitchBox {
  cost::PricedPart part;
  std::uint32_t radix = 64;  ///< ports at the speed of a NIC, broken out where its own are faster
  Seconds hop_latency{};     ///< one cable and the box behind it
};

/// What must be connected, by what, and which fabrics are to be tried.
struct FabricQuestion {
  std::uint32_t hosts = 0, rails = 8;                     ///< rails: NICs of one host
  std::uint32_t radix = 64;                               ///< ports of one switch at the speed of `link`
  BytesPerSecond link{50e9};                              ///< of one NIC, per direction
  Seconds hop_latency{5e-7};                              ///< one cable and the switch behind it
  std::uint32_t scale_up_domain = 1;                      ///< endpoints that share a scale-up fabric
  std::vector<std::string> topologies{};                  ///< names in net/topologies.def; empty = all
  std::vector<double> oversubscriptions{1.0};             ///< of leaves
  std::vector<std::uint32_t> planes{2, 8};                ///< multi-plane fabrics
  std::vector<std::uint32_t> tiers{2, 3};                 ///< fat trees
  cost::CableReach rail_cable = cost::CableReach::kRow;   ///< endpoint to a leaf that holds one rail of many hosts
  cost::CableReach host_cable = cost::CableReach::kRack;  ///< endpoint to any other switch
  cost::FabricPrices prices{};
  std::vector<SwitchBox> boxes{};  ///< to choose among; empty = one of `radix`, `hop_latency` and `prices`

  std::uint32_t endpoints() const { return hosts * rails; }
};

struct FabricLimits {
  std::optional<Money> capex;
  std::optional<Watts> power;
};

/// One fabric with its figures, or why there is none.
struct FabricCandidate {
  std::string name;  ///< "2-tier fat-tree 2:1"
  net::FabricSpec spec;
  std::string infeasible;  ///< reason and remedy; empty = it can be built
  net::FabricParts parts;
  cost::PricedPart box;  ///< that its switches are
  cost::FabricBill bill;
  std::uint64_t free_ports = 0;    ///< of all switches, counted as if each were as full as the busiest
  Seconds latency{};               ///< of the longest minimal way, without NIC and software
  std::vector<net::Blast> blasts;  ///< empty with `blast_unknown`
  std::string blast_unknown;
  std::optional<double> survives;        ///< net::survivability
  std::optional<Seconds> step;           ///< of the job, when there is one: all its traffic across the narrowest tier
  std::optional<Seconds> packed_step{};  ///< the same with nodes side by side, through the flow simulation; empty where
                                         ///< that is not possible
  std::string layout;                    ///< of that step
  std::vector<std::string> broken;       ///< limits that it breaks
  bool on_front = false;
};

/// Every fabric that the question asks for, in the order of topologies.def, then tiers or planes, then
/// oversubscription, each of the box that makes it cheapest: known before unknown, then price, power, and the order of
/// the boxes. Combinations that are the same as an earlier one are left out. Money and power are filled in,
/// failures and steps not. Requires: hosts >= 1, rails >= 1, link and radix positive.
std::vector<FabricCandidate> fabric_candidates(const FabricQuestion& question);

/// A fabric by name, with its price and power.
struct PricedFabric {
  std::string name;  ///< "2-tier fat-tree of ..."
  cost::FabricBill bill;
};

/// The cheapest fabric without oversubscription whose price is known; empty: there is none.
std::optional<PricedFabric> cheapest_fabric(const FabricQuestion& question);

/// Measures failures of every candidate that can be built, with `threads` at once (0 = all cores).
void measure_failures(const FabricQuestion& question, std::vector<FabricCandidate>& candidates, unsigned threads,
                      Progress* progress = nullptr);

/// Marks limits that are broken, and the candidates within limits that no other beats: none is as good in money, power,
/// step time and survivability and better in one. What is unknown is no tie: a fabric whose price or power is not known
/// is beaten only by one that needs no more of the same unknown parts, and whose known parts come to no more. A
/// candidate with unknown failures or steps stays off the front.
/// Requires: limits in the currency of the prices.
void judge_fabrics(const FabricLimits& limits, std::vector<FabricCandidate>& candidates);

/// The cables of a fabric by reach (docs/design/network-design.md, "Cables").
cost::FabricOrder fabric_order(const FabricQuestion& question, const net::FabricSpec& spec,
                               const net::FabricParts& parts);

}  // namespace socle::search
