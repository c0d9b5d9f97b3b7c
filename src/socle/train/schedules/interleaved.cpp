#include <algorithm>

#include "socle/train/schedules/schedules.hpp"

namespace socle::train {

// Microbatches go in groups of p through chunk 0, then the same group through chunk 1, and so on; stage s warms up with
// 2 (p - 1 - s) + (v - 1) p chunk forwards. Source: Narayanan et al. 2021 (arXiv 2104.04473), section 2.2.2. When p
// does not divide the microbatches, the first groups are a little larger than p, as Megatron Core's microbatch group
// size allows.
Program interleaved(int stages, int chunks, int microbatches, const TaskWeights&) {
  if (chunks == 1) return one_f_one_b(stages, 1, microbatches, {});
  Program program{.stages = stages, .chunks = chunks, .microbatches = microbatches, .tasks = {}};
  const int groups = std::max(1, microbatches / stages);
  const int smallest = microbatches / groups, larger = microbatches % groups;
  const int largest = smallest + (larger > 0);
  std::vector<Task> forwards, backwards;
  for (int g = 0, first = 0, last = 0; g < groups; ++g, first = last) {
    last = first + smallest + (g < larger);
    for (int c = 0; c < chunks; ++c) {
      for (int m = first; m < last; ++m) {
        forwards.push_back({TaskKind::kForward, static_cast<std::int16_t>(c), m});
        backwards.push_back({TaskKind::kBackward, static_cast<std::int16_t>(chunks - 1 - c), m});
      }
    }
  }
  const int total = static_cast<int>(forwards.size());
  for (int s = 0; s < stages; ++s) {
    int warm_up = std::min(2 * (stages - 1 - s) + (chunks - 1) * largest, total);
    if (microbatches <= stages) warm_up = total;
    std::vector<Task> order(forwards.begin(), forwards.begin() + warm_up);
    for (int i = warm_up; i < total; ++i) {
      order.push_back(forwards[static_cast<std::size_t>(i)]);
      order.push_back(backwards[static_cast<std::size_t>(i - warm_up)]);
    }
    order.insert(order.end(), backwards.begin() + (total - warm_up), backwards.end());
    program.tasks.push_back(std::move(order));
  }
  return program;
}

}  // namespace socle::train
