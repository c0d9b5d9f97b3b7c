#pragma once

#include <cstdint>

#include "socle/net/router.hpp"

namespace socle::net {

/// The most that endpoints [0, split) can send at once to the endpoints [split, endpoints()), whatever the routing: the
/// maximum flow over all links that are alive, in bytes per second. A fabric's bisection, for the halves named by
/// number. Source: Dinitz 1970 (layered networks). Endpoints do not forward. Requires: 0 < split < endpoints();
/// bandwidths are whole multiples of the slowest.
BytesPerSecond half_flow(const Router& router, std::uint32_t split);

}  // namespace socle::net
