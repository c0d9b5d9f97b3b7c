#include "socle/workload/stage_plan.hpp"

#include "socle/base/check.hpp"

namespace socle::workload {

std::vector<int> split_layers(int layers, int positions, int modules) {
  SOCLE_CHECK(layers >= 1 && positions >= 1, "there are layers and stages");
  const int most = (layers + positions - 1) / positions;
  std::vector<int> counts(static_cast<std::size_t>(positions), most);
  int missing = most * positions - layers;
  // The module and its head leave the last position a layer of its own.
  for (int extra = 2 * modules; extra > 0 && missing > 1 && counts.back() > 2; --extra) {
    --counts.back();
    --missing;
  }
  for (int turn = 0; missing > 0; ++turn) {
    // Turn 0: the last, turn 1: the first, then from the back.
    const int position = turn == 0 ? positions - 1 : turn == 1 ? 0 : positions - turn;
    --counts[static_cast<std::size_t>(position)];
    --missing;
  }
  return counts;
}

}  // namespace socle::workload
