#pragma once

namespace socle {

/// A predicted figure with the range that nine of ten measurements are expected in. low <= value <= high.
template <typename T>
struct Ranged {
  T value{}, low{}, high{};
};

}  // namespace socle
