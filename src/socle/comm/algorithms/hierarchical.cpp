#include "socle/comm/algorithms/algorithms.hpp"

namespace socle::comm {

// Reduce-scatter (or all-gather) inside each domain, and rings of the d members with equal local rank across domains
// on 1 / m of the buffer: (d - 1) / d of it leaves each chip, twice for all-reduce. The two phases are pipelined.
std::optional<TransferPlan> hierarchical(graph::Collective collective, const Footprint& group, Bytes buffer) {
  if (collective == graph::Collective::kAllToAll || group.per_domain == 1) return std::nullopt;
  const double rounds = collective == graph::Collective::kAllReduce ? 2.0 : 1.0;
  const double d = group.domains;
  TransferPlan plan("hierarchical", true);
  plan.add({.scale_out = true,
            .sent_per_chip = buffer * (rounds * (d - 1) / d / group.per_domain),
            .steps = rounds * (d - 1),
            .message = buffer * (1.0 / d / group.per_domain)});
  plan.add({.collective = collective, .ranks = group.per_domain, .buffer = buffer});
  return plan;
}

}  // namespace socle::comm
