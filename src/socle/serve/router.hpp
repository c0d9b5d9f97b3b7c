#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "socle/serve/replica.hpp"

namespace socle::serve {

/// What routers may look at beside the request.
struct RoutingView {
  std::span<const Replica* const> replicas;  ///< that take requests
  std::int64_t routed = 0;                   ///< requests so far
  std::span<const double> weights{};         ///< what each carries beside the others; empty: all alike
};

/// Index, in the view, of the replica that a request goes to. Requires: at least one replica.
using Router = std::size_t (*)(const Request&, const RoutingView&);

struct RouterEntry {
  std::string_view name;
  Router route;
  LaneChoice lanes;  ///< how lanes of the chosen replica are told apart
  std::string_view help;
};

#define SOCLE_ROUTER(function, lanes, name, help) std::size_t function(const Request& request, const RoutingView& view);
#include "socle/serve/routers.def"
#undef SOCLE_ROUTER

/// Every router, in the order of routers.def.
const std::vector<RouterEntry>& routers();
/// Null when there is none of this name.
const RouterEntry* find_router(std::string_view name);

}  // namespace socle::serve
