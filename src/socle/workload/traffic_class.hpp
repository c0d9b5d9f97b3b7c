#pragma once

#include <cstdint>
#include <vector>

#include "socle/base/random.hpp"
#include "socle/workload/length_law.hpp"

namespace socle::workload {

/// A class of a synthetic traffic: its share of the requests, or of the conversations, and its lengths.
struct TrafficClass {
  double share = 1;  ///< beside the other classes'; > 0
  LengthLaw input{}, output{};
  bool paired = false;  ///< both laws are lists of the same requests: one draw takes a prompt with its answer
};

/// The class that a draw in [0, 1) falls to, by shares. Requires: at least one class.
inline int class_of_draw(const std::vector<TrafficClass>& classes, double draw) {
  double all = 0;
  for (const TrafficClass& one : classes) all += one.share;
  double left = draw * all;
  for (std::size_t i = 0; i + 1 < classes.size(); ++i) {
    left -= classes[i].share;
    if (left < 0) return static_cast<int>(i);
  }
  return static_cast<int>(classes.size()) - 1;
}

}  // namespace socle::workload
