#include "socle/train/schedules/schedules.hpp"

namespace socle::train {

// Activations of at most p microbatches on every stage, as 1F1B's first stage holds; weight gradients wait for idle time.
// Source: Qi et al. 2023 (Zero Bubble, arXiv 2401.10241), section 2.2.
Program zb_h1(int stages, int, int microbatches) {
  Program program{.stages = stages, .chunks = 1, .microbatches = microbatches, .tasks = {}};
  order_greedily(program, std::vector<int>(static_cast<std::size_t>(stages), stages));
  return program;
}

}  // namespace socle::train
