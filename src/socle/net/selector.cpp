#include "socle/net/selector.hpp"

#include "socle/base/check.hpp"

namespace socle::net {

std::uint32_t Selector::enumerated_pick(std::uint32_t count) {
  if (depth_ == odometer_.size()) odometer_.push_back({0, count});
  SOCLE_CHECK(odometer_[depth_].count == count, "the same decisions lead to the same place");
  return odometer_[depth_++].value;
}

double Selector::share() const {
  double paths = 1;
  for (const Digit& digit : odometer_) paths *= digit.count;
  return 1.0 / paths;
}

bool Selector::next() {
  depth_ = 0;
  while (!odometer_.empty()) {
    if (++odometer_.back().value < odometer_.back().count) return true;
    odometer_.pop_back();
  }
  return false;
}

}  // namespace socle::net
