#pragma once

#include <string>
#include <vector>

#include "socle/report/train_case.hpp"

namespace socle::report {

/// What one assumption does to the step time when it moves to either edge of its plausible range, all others held.
struct Swing {
  std::string assumption;   ///< with its edges, e.g. "NIC bandwidth, -10 % to +10 %"
  Seconds low{};            ///< step time at the favourable edge
  Seconds high{};           ///< at the unfavourable edge
};

/// Re-evaluates the step at both edges of every assumption. Largest swing first, ties by name; assumptions that move
/// nothing are left out. The result does not depend on `threads` (0 = all cores).
std::vector<Swing> sensitivity(const TrainCase& run, unsigned threads);

}  // namespace socle::report
