#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/net/fabric_spec.hpp"
#include "socle/net/graph_file.hpp"
#include "socle/net/router.hpp"
#include "socle/scenario/scenario.hpp"

namespace socle::setup {

/// Reads a file that a scenario names, by the path as written there; throws InputError when it cannot.
using FileReader = std::function<std::string(const std::string& path)>;

/// A scenario's network with every name looked up, every default filled in, and built.
struct FabricSetup {
  net::FabricSpec spec;                 ///< of a user's own network: endpoints and link only
  net::FabricParts parts;               ///< empty for a user's own network
  std::optional<net::GraphSpec> graph;  ///< a user's own network, links as far as messages reach them
  std::unique_ptr<const net::Topology> topology;
  net::RoutingOptions routing;
  std::vector<net::LinkId> failed;  ///< cables, one direction each
  Seconds software_latency{};
  double efficiency = 1.0;
  BytesPerSecond nominal_link{};      ///< of one NIC, before `efficiency`
  bool streams = false;               ///< messages are streams of a library, which counts their latencies itself
  std::optional<catalog::Chip> chip;  ///< of the cluster's hosts
  std::string description;            ///< "fat-tree of 1,024 endpoints, ..."
  std::vector<std::string> assumptions;
};

/// The topology of the setup once more: a simulation may want one of its own.
std::unique_ptr<const net::Topology> build_topology(const FabricSetup& setup);

/// What a fabric is set up for.
enum class FabricUse {
  kMessages,  ///< each message with the latency of its way
  kLibrary,   ///< streams of a library's channels: hosts are joined inside, and NICs give what its transport gives
};

/// Throws InputError: a fabric that cannot be built (with the nearest change), unknown elements that failed, no
/// endpoints, unknown transports.
FabricSetup set_up_fabric(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                          const FileReader& read_file, FabricUse use = FabricUse::kMessages);

/// Along rails, and to other rails over the scale-up fabric.
inline constexpr const char* kStaticRail = "static-rail";

/// Names of routings in scenarios; the first four in the order of net::Routing.
const std::vector<std::string>& routing_names();

/// "d-mod-k", "hashed ECMP, seed 1, 4 queue pairs".
std::string routing_text(const net::RoutingOptions& routing, bool static_rail);

}  // namespace socle::setup
