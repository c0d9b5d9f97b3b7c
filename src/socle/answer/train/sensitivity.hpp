#pragma once

#include <vector>

#include "socle/answer/train/train_result.hpp"
#include "socle/base/progress.hpp"

namespace socle::answer {

/// Re-evaluates the step at both edges of every assumption. Largest swing first, ties by name; assumptions that move
/// nothing are left out. The result does not depend on `threads` (0 = all cores).
std::vector<Swing> sensitivity(const TrainCase& run, unsigned threads, Progress& progress);

}  // namespace socle::answer
