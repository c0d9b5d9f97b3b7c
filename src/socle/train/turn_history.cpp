#include "socle/train/turn_history.hpp"

#include <algorithm>
#include <cmath>

namespace socle::train {
namespace {

constexpr std::size_t kStrides = 4;  // a rhythm of up to so many turns is found
constexpr std::size_t kKept = 24;    // turns
constexpr double kRoundOff = 1e-11;  // of a turn

// Sides of a choice: the stage was free later, or the input came later, or both at once.
int side(double margin, double tolerance) { return margin > tolerance ? 1 : margin < -tolerance ? -1 : 0; }

// Strides until a margin that moves by `rate` each comes to zero; one less, so that the choice stays what it is.
double strides_left(double margin, double rate, double tolerance) {
  if (std::fabs(rate) <= tolerance || margin * rate > 0) return HUGE_VAL;
  return std::floor(std::fabs(margin / rate)) - 1.0;
}

}  // namespace

void TurnHistory::add(Turn turn) {
  if (turns_.size() == kKept) turns_.erase(turns_.begin());
  turns_.push_back(std::move(turn));
}

bool TurnHistory::regular(std::size_t stride, std::size_t reach, double tolerance) const {
  for (std::size_t age = 0; age < stride + reach; ++age) {
    const Turn &now = back(age), &before = back(age + stride), &first = back(age + 2 * stride);
    if (now.size() != before.size() || now.size() != first.size()) return false;
    for (std::size_t j = 0; j < now.size(); ++j) {
      if (now[j].lane != before[j].lane || now[j].lane != first[j].lane) return false;
      if (std::fabs(now[j].end - 2 * before[j].end + first[j].end) > tolerance) return false;
      const int side_now = side(now[j].margin, tolerance), side_first = side(first[j].margin, tolerance);
      if (side_now * side_first < 0) return false;
    }
  }
  return true;
}

std::optional<Leap> TurnHistory::leap(int most, std::size_t reach, double scale) const {
  const double tolerance = kRoundOff * scale;
  for (std::size_t stride = 1; stride <= kStrides; ++stride) {
    if (size() < 3 * stride + reach) return std::nullopt;
    if (static_cast<int>(stride) > most || !regular(stride, reach, tolerance)) continue;
    double strides = most / static_cast<int>(stride);
    for (std::size_t age = 0; age < stride; ++age) {
      const Turn &now = back(age), &before = back(age + stride);
      for (std::size_t j = 0; j < now.size(); ++j)
        strides = std::min(strides, strides_left(now[j].margin, now[j].margin - before[j].margin, tolerance));
    }
    if (strides >= 1.0) return Leap{static_cast<int>(stride), static_cast<int>(strides)};
  }
  return std::nullopt;
}

}  // namespace socle::train
