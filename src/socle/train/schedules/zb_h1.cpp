#include <algorithm>

#include "socle/train/schedules/schedules.hpp"

namespace socle::train {

// 1F1B with the weight gradient of stage s put off by s microbatches: every stage then holds p activations, as 1F1B's
// first stage does, and the delayed weight gradients fill the cool-down. Bubble (p - 1)(f + b - w) for equal stages.
// Source: Qi et al. 2023 (Zero Bubble, arXiv 2401.10241), section 2.2.
Program zb_h1(int stages, int, int microbatches, const TaskWeights&) {
  Program program{.stages = stages, .chunks = 1, .microbatches = microbatches, .splits_weight = true, .tasks = {}};
  for (int s = 0; s < stages; ++s) {
    const int warm_up = std::min(stages - 1 - s, microbatches);
    std::vector<Task> order;
    order.reserve(3 * static_cast<std::size_t>(microbatches));
    const auto backward = [&](int m) {
      order.push_back({TaskKind::kBackward, 0, m});
      if (m >= s) order.push_back({TaskKind::kWeight, 0, m - s});
    };
    for (int m = 0; m < warm_up; ++m) order.push_back({TaskKind::kForward, 0, m});
    for (int m = warm_up; m < microbatches; ++m) {
      order.push_back({TaskKind::kForward, 0, m});
      backward(m - warm_up);
    }
    for (int m = microbatches - warm_up; m < microbatches; ++m) backward(m);
    for (int m = std::max(0, microbatches - s); m < microbatches; ++m) order.push_back({TaskKind::kWeight, 0, m});
    program.tasks.push_back(std::move(order));
  }
  return program;
}

}  // namespace socle::train
