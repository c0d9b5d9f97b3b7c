#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "socle/api/scenario.hpp"
#include "socle/catalog/catalog.hpp"
#include "socle/net/router.hpp"

namespace socle::api {

using FileReader = std::function<std::string(const std::string& path)>;

/// A scenario's network with every name looked up, every default filled in, and built.
struct FabricSetup {
  net::FabricSpec spec;                            ///< of a user's own network: endpoints and link only
  net::FabricParts parts;                          ///< empty for a user's own network
  std::unique_ptr<const net::Topology> topology;
  net::RoutingOptions routing;
  std::vector<net::LinkId> failed;                 ///< cables, one direction each
  Seconds software_latency{};
  double efficiency = 1.0;
  std::string description;                         ///< "fat-tree of 1,024 endpoints, ..."
  std::vector<std::string> assumptions;
};

/// Throws InputError: a fabric that cannot be built (with the nearest change), unknown elements that failed, no endpoints.
FabricSetup set_up_fabric(const catalog::Catalog& catalog, const Scenario& scenario, const FileReader& read_file);

/// "d-mod-k", "hashed ECMP, seed 1, 4 queue pairs".
std::string routing_text(const net::RoutingOptions& routing, bool static_rail);

}  // namespace socle::api
