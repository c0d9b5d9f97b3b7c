#include <algorithm>

#include "socle/train/schedules/schedules.hpp"

namespace socle::train {

// Stage s runs p - 1 - s forwards to warm up, then one forward and one backward in turn, then drains.
// Source: Narayanan et al. 2021 (arXiv 2104.04473), section 2.2.1.
Program one_f_one_b(int stages, int, int microbatches, const TaskWeights&) {
  Program program{.stages = stages, .chunks = 1, .microbatches = microbatches, .tasks = {}};
  for (int s = 0; s < stages; ++s) {
    const int warm_up = std::min(stages - 1 - s, microbatches);
    std::vector<Task> order;
    order.reserve(2 * static_cast<std::size_t>(microbatches));
    for (int m = 0; m < warm_up; ++m) order.push_back({TaskKind::kForward, 0, m});
    for (int m = warm_up; m < microbatches; ++m) {
      order.push_back({TaskKind::kForward, 0, m});
      order.push_back({TaskKind::kBackward, 0, m - warm_up});
    }
    for (int m = microbatches - warm_up; m < microbatches; ++m) order.push_back({TaskKind::kBackward, 0, m});
    program.tasks.push_back(std::move(order));
  }
  return program;
}

}  // namespace socle::train
