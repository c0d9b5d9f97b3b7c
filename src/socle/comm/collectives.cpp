#include "socle/comm/collectives.hpp"

#include <algorithm>

#include "socle/base/check.hpp"
#include "socle/comm/algorithms/algorithms.hpp"

namespace socle::comm {

using graph::Collective;

Footprint footprint(int ranks, int stride, int domain) {
  SOCLE_CHECK(ranks >= 1 && stride >= 1 && domain >= 1, "group sizes are positive");
  int per_domain = stride >= domain ? 1 : std::min(ranks, domain / stride);
  while (ranks % per_domain != 0) --per_domain;  // groups straddle domain borders: count the sure part
  return {.ranks = ranks, .per_domain = per_domain, .domains = ranks / per_domain, .stride = stride};
}

std::vector<TransferPlan> transfer_plans(Collective collective, const Footprint& group, Bytes buffer) {
  std::vector<TransferPlan> plans;
  for (const AlgorithmEntry& entry : algorithms()) {
    if (auto plan = entry.plan(collective, group, buffer)) plans.push_back(*std::move(plan));
  }
  return plans;
}

Seconds ClosedFormNetwork::plan_time(const TransferPlan& plan, const Footprint& group) const {
  Seconds slowest{}, sum{};
  for (const Phase& phase : plan.phases()) {
    const Seconds time = phase.scale_out
                             ? phase.sent_per_chip / scale_out_.bandwidth_per_chip + phase.steps * scale_out_.latency
                             : scale_up_.collective_time(phase.collective, {phase.ranks, group.stride}, phase.buffer);
    slowest = std::max(slowest, time);
    sum += time;
  }
  return plan.pipelined() ? slowest : sum;
}

Seconds ClosedFormNetwork::collective_time(Collective collective, const Footprint& group, Bytes buffer) const {
  if (group.ranks == 1 || buffer <= Bytes{}) return Seconds{};
  if (collective == Collective::kSendReceive)
    return send_time(buffer, group.domains > 1 ? scale_out_.domain : group.stride);
  if (collective == Collective::kRing) {
    // cp - 1 steps, each passing 1 / cp of the gathered buffer to the neighbour; a border between domains sets the
    // pace.
    const double n = group.ranks;
    const Bytes step = buffer * (1.0 / n);
    return (n - 1) * send_time(step, group.domains > 1 ? scale_out_.domain : group.stride);
  }
  if (group.domains == 1) return scale_up_.collective_time(collective, {group.ranks, group.stride}, buffer);
  Seconds best{1e30};
  for (const AlgorithmEntry& entry : algorithms()) {
    if (const auto plan = entry.plan(collective, group, buffer)) best = std::min(best, plan_time(*plan, group));
  }
  return best;
}

Seconds ClosedFormNetwork::send_time(Bytes message, int distance) const {
  if (distance < scale_out_.domain) return scale_up_.send_time(message, distance);
  return message / scale_out_.bandwidth_per_chip + scale_out_.latency;
}

}  // namespace socle::comm
