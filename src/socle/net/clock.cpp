#include "socle/net/clock.hpp"

#include <cmath>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/base/error.hpp"

namespace socle::net {

namespace {

constexpr double kDay = 86400e12;
constexpr double kLongestWait = 30 * kDay, kLongestRun = 60 * kDay;

[[noreturn]] void refuse(double days) {
  throw InputError(
      Problem{{},
              0,
              0,
              "traffic",
              fmt::format("the simulated time is more than {:.0f} days, where its clock ends; send fewer bytes or "
                          "requests, or use faster links or shorter latencies",
                          days)});
}

}  // namespace

Picoseconds rounded(double picoseconds) {
  SOCLE_CHECK(picoseconds >= 0, "time does not go back");
  if (!(picoseconds <= kLongestWait)) refuse(kLongestWait / kDay);
  return std::llround(picoseconds);
}

Picoseconds to_picoseconds(Seconds time) { return rounded(time.value() * 1e12); }

void check_within_clock(Picoseconds now) {
  if (static_cast<double>(now) > kLongestRun) refuse(kLongestRun / kDay);
}

Seconds to_seconds(Picoseconds time) { return Seconds{static_cast<double>(time) / 1e12}; }

}  // namespace socle::net
