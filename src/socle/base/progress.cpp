#include "socle/base/progress.hpp"

#include <algorithm>

namespace socle {

void Progress::begin(const char* what, std::uint64_t parts) noexcept {
  done_.store(0, std::memory_order_relaxed);
  parts_.store(parts, std::memory_order_relaxed);
  what_.store(what, std::memory_order_relaxed);
}

void Progress::advance(std::uint64_t parts) {
  done_.fetch_add(parts, std::memory_order_relaxed);
  check();
}

double Progress::share() const noexcept {
  const double parts = static_cast<double>(parts_.load(std::memory_order_relaxed));
  return parts > 0 ? std::min(1.0, static_cast<double>(done_.load(std::memory_order_relaxed)) / parts) : 0.0;
}

}  // namespace socle
