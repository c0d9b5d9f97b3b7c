#include "socle/comm/algorithms/algorithms.hpp"

namespace socle::comm {

// A ring over n members sends (n - 1) / n of the buffer over every link, twice for all-reduce. With m members in a
// node, m rings each use another NIC, so one chip's NIC share carries 1 / m of it.
// Steps across nodes: d - 1 of the n - 1 hops leave a node. Source: Patarasuk and Yuan 2009, section 3.
std::optional<TransferPlan> ring(graph::Collective collective, const Footprint& group, Bytes buffer) {
  if (collective == graph::Collective::kAllToAll) return std::nullopt;
  const double rounds = collective == graph::Collective::kAllReduce ? 2.0 : 1.0;
  const double n = group.ranks;
  TransferPlan plan("ring", true);
  plan.add({.scale_out = true,
            .sent_per_chip = buffer * (rounds * (n - 1) / n / group.per_domain),
            .steps = rounds * (group.domains - 1),
            .message = buffer * ((n - 1) / n / group.per_domain / (group.domains - 1))});
  if (group.per_domain > 1) {
    plan.add({.collective = collective, .ranks = group.per_domain, .buffer = buffer, .local = LocalPattern::kChain});
  }
  return plan;
}

}  // namespace socle::comm
