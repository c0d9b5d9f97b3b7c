#pragma once

#include <cstdint>

#include "socle/base/quantity.hpp"

namespace socle::net {

/// Picoseconds since the start: integers, so that equal times are equal.
using Picoseconds = std::int64_t;

/// Rounds to the clock. Requires: 0 <= time < 106 days.
Picoseconds to_picoseconds(Seconds time);
Seconds to_seconds(Picoseconds time);

}  // namespace socle::net
