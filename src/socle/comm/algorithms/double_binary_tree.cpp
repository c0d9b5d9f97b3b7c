#include <cmath>

#include "socle/comm/algorithms/algorithms.hpp"

namespace socle::comm {

// Two complementary binary trees over the d domains, each reducing and broadcasting half of the buffer: every domain
// sends 2 x buffer in all, 1 / m of it through one chip's NIC share, in 2 log2(d) steps.
// Source: Sanders, Speck and Traeff 2009; NCCL uses it for all-reduce.
std::optional<TransferPlan> double_binary_tree(graph::Collective collective, const Footprint& group, Bytes buffer) {
  if (collective != graph::Collective::kAllReduce) return std::nullopt;
  TransferPlan plan("double-binary-tree", true);
  plan.add({.scale_out = true,
            .sent_per_chip = buffer * (2.0 / group.per_domain),
            .steps = 2.0 * std::ceil(std::log2(static_cast<double>(group.domains))),
            .pattern = Pattern::kTwoTrees,
            .message = buffer / (2.0 * group.per_domain)});
  if (group.per_domain > 1) {
    plan.add({.collective = collective, .ranks = group.per_domain, .buffer = buffer, .local = LocalPattern::kChain});
  }
  return plan;
}

}  // namespace socle::comm
