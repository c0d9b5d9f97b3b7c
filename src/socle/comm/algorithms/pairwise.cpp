#include "socle/comm/algorithms/algorithms.hpp"

namespace socle::comm {

// All-to-all: of what one rank holds, (n - m) / n goes to other domains through its own NIC share and (m - 1) / n to
// neighbours in the domain, both at once. Messages to different peers are in flight together, so latency counts once.
std::optional<TransferPlan> pairwise(graph::Collective collective, const Footprint& group, Bytes buffer) {
  if (collective != graph::Collective::kAllToAll) return std::nullopt;
  const double n = group.ranks;
  const double m = group.per_domain;
  TransferPlan plan("pairwise", true);
  plan.add({.scale_out = true,
            .sent_per_chip = buffer * ((n - m) / n),
            .steps = 1,
            .pattern = Pattern::kAllPairs,
            .message = buffer / n});
  if (group.per_domain > 1) {
    plan.add({.collective = collective, .ranks = group.per_domain, .buffer = buffer * (m / n)});
  }
  return plan;
}

}  // namespace socle::comm
