#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/money.hpp"
#include "socle/base/quantity.hpp"
#include "socle/scenario/key.hpp"
#include "socle/scenario/named.hpp"
#include "socle/scenario/vocabulary.hpp"

namespace socle::scenario {

/// Parts that [fabric.prices] and [fabric.power] may name, in this order.
inline constexpr std::size_t kFabricParts = 5;
inline constexpr std::array<const char*, kFabricParts> kFabricPartNames{"switch", "rack_cable", "row_cable",
                                                                        "hall_cable", "nic"};

/// [fabric]: the network as built or to be designed, how it routes, and what has failed. What is empty follows from the
/// cluster or takes the documented default; names are not looked up yet.
struct FabricSection {
  std::string topology;                      ///< empty = fat-tree
  Named file;                                ///< of a user's own network, CSV or TOML, relative to the scenario
  std::vector<std::string> endpoints;        ///< of that network: names or patterns of its hosts' NICs
  std::optional<std::uint32_t> hosts, nics;  ///< nics: of one host
  TomlPosition hosts_at;                     ///< 0:0 = on the command line
  std::optional<BytesPerSecond> link;        ///< of one NIC, per direction
  std::optional<std::uint32_t> radix;
  std::vector<std::uint32_t> tiers, planes;  ///< one for a network, several to choose among
  std::vector<double> oversubscriptions;     ///< the same
  std::optional<std::uint32_t> groups, group_routers, router_endpoints, field;
  std::vector<std::uint32_t> torus;
  std::optional<Seconds> hop_latency, software_latency;
  std::optional<std::uint32_t> scale_up_domain;
  std::optional<BytesPerSecond> scale_up;
  std::optional<bool> rail_forwarding;
  Named transport;  ///< of the catalogue: how messages cross a NIC; empty = the node's
  std::optional<double> efficiency;
  std::string routing;  ///< empty = deterministic
  std::optional<std::uint32_t> seed, queue_pairs;
  std::vector<std::string> failed;  ///< "leaf 3", "cable 17", "endpoint 5"
  std::optional<Seconds> fail_at, reroute_after;
  std::string network;                ///< "flow" or "closed-form"; empty = closed-form
  std::string placement;              ///< "packed", "interleaved", "scattered" or "compare"; empty = packed
  std::optional<std::uint32_t> jobs;  ///< that run the same side by side

  // Of `socle fabric design` alone.
  std::optional<std::uint32_t> rails;  ///< NICs that are numbered alike in every host; default: all of a host's
  Named switch_box;                    ///< of the catalogue
  std::vector<std::string> topologies;
  std::string rail_cable, host_cable;    ///< reach of a cable
  Named price_list;                      ///< provider of prices of category "network"; empty = prices of parts
  std::string price_date, price_source;  ///< of the prices given here
  std::array<std::optional<Money>, kFabricParts> prices;
  std::array<std::optional<Watts>, kFabricParts> power;

  bool flow() const { return network == "flow"; }
};

/// Keys of [fabric], then those of [fabric.prices] and [fabric.power].
std::vector<Key<FabricSection>> fabric_keys(const Vocabulary& vocabulary);

/// Reads [fabric] with the tables inside it.
void read_fabric(const TomlTable& table, const Vocabulary& vocabulary, FabricSection& section);

}  // namespace socle::scenario
