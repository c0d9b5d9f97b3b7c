#include <algorithm>
#include <cmath>

#include "socle/comm/algorithms/algorithms.hpp"

namespace socle::comm {

// All-reduce where the scale-up switches add: the domain reduces in its switches, two complementary binary trees join
// the d domains, each carrying half of the buffer, spread over all NICs. What the busiest domain sends, per direction:
//   d = 2: half up in one tree, half down in the other: V.   d = 3: one more child: 3/2 V.
//   d > 3: an inner node sends V/2 up and V/2 to each of two children, and V/2 up as a leaf of the other tree: 2 V.
// So two domains may show more bus bandwidth than their NICs have. NCCL calls it NVLS tree.
std::optional<TransferPlan> switch_tree(graph::Collective collective, const Footprint& group, Bytes buffer) {
  if (collective != graph::Collective::kAllReduce || group.per_domain == 1) return std::nullopt;
  const double load = std::min(2.0, 0.5 * group.domains);
  TransferPlan plan("switch-tree", true);
  plan.add({.scale_out = true,
            .sent_per_chip = buffer * (load / group.per_domain),
            .steps = 2.0 * std::ceil(std::log2(static_cast<double>(group.domains))),
            .pattern = Pattern::kTwoTrees,
            .message = buffer / (2.0 * group.per_domain)});
  plan.add({.collective = collective, .ranks = group.per_domain, .buffer = buffer, .local = LocalPattern::kSwitch});
  return plan;
}

}  // namespace socle::comm
