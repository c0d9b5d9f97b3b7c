#include "socle/net/clock.hpp"

#include <cmath>

#include "socle/base/check.hpp"

namespace socle::net {

Picoseconds to_picoseconds(Seconds time) {
  SOCLE_CHECK(time >= Seconds{} && time.value() < 9.2e6, "a time fits the clock");
  return std::llround(time.value() * 1e12);
}

Seconds to_seconds(Picoseconds time) { return Seconds{static_cast<double>(time) / 1e12}; }

}  // namespace socle::net
