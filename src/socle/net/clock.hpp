#pragma once

#include <cstdint>

#include "socle/base/quantity.hpp"

namespace socle::net {

/// Picoseconds since the start: integers, so that equal times are equal.
using Picoseconds = std::int64_t;

/// Rounds to the clock. Requires: time >= 0. Throws InputError for more than 30 days, so that sums of a few fit.
Picoseconds to_picoseconds(Seconds time);
/// The same for a time that was computed in picoseconds.
Picoseconds rounded(double picoseconds);
/// Throws InputError when a simulation has come to 60 days, where its clock ends. A sum of this and one more fits.
void check_within_clock(Picoseconds now);
Seconds to_seconds(Picoseconds time);

}  // namespace socle::net
