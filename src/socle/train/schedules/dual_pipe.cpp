#include "socle/train/schedules/schedules.hpp"

namespace socle::train {

// Half of the microbatches flow down, half up; each device holds two stages of the model, p + 1 activations at most.
// Source: DeepSeek-V3 technical report (arXiv 2412.19437), section 3.2.1.
Program dual_pipe(int stages, int, int microbatches, const TaskWeights& weights) {
  Program program{.stages = stages, .chunks = 2, .microbatches = microbatches, .wiring = Wiring::kTwoWay, .tasks = {}};
  order_greedily(program, std::vector<int>(static_cast<std::size_t>(stages), stages + 1), weights);
  return program;
}

}  // namespace socle::train
