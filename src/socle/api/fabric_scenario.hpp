#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/error.hpp"
#include "socle/base/quantity.hpp"
#include "socle/base/toml_reader.hpp"
#include "socle/net/fabric_spec.hpp"
#include "socle/net/router.hpp"

namespace socle::api {

/// [fabric] of a scenario: the network as built, how it routes, and what has failed. What is empty follows from the cluster.
struct FabricScenario {
  std::string topology;                       ///< empty = fat-tree
  std::string file;                           ///< of a user's own network, CSV or TOML, relative to the scenario
  std::optional<std::uint32_t> hosts, nics;   ///< nics: of one host
  std::optional<std::uint32_t> radix, tiers, planes, group_routers, groups, router_endpoints, field;
  std::optional<BytesPerSecond> link;
  std::optional<Seconds> hop_latency, software_latency;
  std::optional<double> oversubscription, efficiency;
  std::vector<std::uint32_t> torus;
  std::optional<std::uint32_t> scale_up_domain;
  std::optional<BytesPerSecond> scale_up;
  std::optional<bool> rail_forwarding;
  std::optional<net::Routing> routing;
  std::optional<std::uint32_t> seed, queue_pairs;
  std::vector<std::string> failed;            ///< "leaf 3", "cable 17", "endpoint 5"
  std::optional<Seconds> fail_at, reroute_after;
  bool static_rail = false;                   ///< routing = "static-rail": d-mod-k, to other rails over the scale-up fabric
};

/// [traffic]: what crosses it.
struct TrafficScenario {
  std::string kind;                           ///< a collective, "permutation", "shift", "incast", "matrix" or "step"; empty = all-reduce
  std::string algorithm, file;
  std::optional<Bytes> bytes;                 ///< as nccl-tests counts; permutation, shift, incast: of one message
  std::optional<std::uint32_t> ranks, stride, inner, chunks, shift, seeds;
  std::vector<std::string> sizes;             ///< bus bandwidth for each of these
  std::optional<double> reaction;
  bool every_flow = false;
};

/// How a job stands on the fabric.
struct PlacementScenario {
  std::string kind;                           ///< "packed", "interleaved", "scattered" or "compare"; empty = packed
  std::optional<std::uint32_t> jobs;          ///< that run the same side by side
  bool flow_network = false;                  ///< [fabric] network = "flow"
};

struct FabricSections {
  FabricScenario fabric;
  TrafficScenario traffic;
  PlacementScenario placement;
};

/// One key of [fabric] or [traffic], and the flag of the same meaning.
struct FabricFlag {
  std::string section, key, flag, value_name, help;
};
std::vector<FabricFlag> fabric_flags();

/// Reads [fabric] and [traffic] of a scenario, problems going to the document.
void read_fabric_sections(const TomlTable& root, FabricSections& sections);
/// Sets what one flag says; returns what is wrong with it, or an empty text. Requires: a flag of the list.
std::string set_fabric_flag(const std::string& flag, const std::string& text, FabricSections& sections);

const std::vector<std::string>& routing_names();

}  // namespace socle::api
