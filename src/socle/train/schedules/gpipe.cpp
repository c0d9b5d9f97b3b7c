#include "socle/train/schedules/schedules.hpp"

namespace socle::train {

// Source: Huang et al. 2019 (GPipe, arXiv 1811.06965).
Program gpipe(int stages, int chunks, int microbatches, const TaskWeights&) {
  Program program{.stages = stages, .chunks = chunks, .microbatches = microbatches, .tasks = {}};
  program.chunks = 1;
  std::vector<Task> order;
  for (int m = 0; m < microbatches; ++m) order.push_back({TaskKind::kForward, 0, m});
  for (int m = 0; m < microbatches; ++m) order.push_back({TaskKind::kBackward, 0, m});
  program.tasks.assign(static_cast<std::size_t>(stages), order);
  return program;
}

}  // namespace socle::train
