#include "socle/comm/library_network.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "socle/base/check.hpp"
#include "socle/comm/algorithms/algorithms.hpp"

namespace socle::comm {
namespace {

using graph::Collective;

/// What such a library chooses from. It has no hierarchical collective of host code.
struct LibraryAlgorithm {
  PlanFunction plan;
  bool tree;          ///< its hops are those of a tree
  bool needs_switch;  ///< only where the switches add
};
constexpr std::array<LibraryAlgorithm, 4> kAlgorithms = {
    {{&ring, false, false}, {&double_binary_tree, true, false}, {&switch_tree, true, true}, {&pairwise, false, false}}};

}  // namespace

Seconds LibraryNetwork::plan_time(const TransferPlan& plan, const Footprint& group,
                                  const catalog::LibraryProtocol& protocol, bool tree) const {
  const BytesPerSecond nic = links_.nic_per_chip * (library_.nic_fraction * protocol.bandwidth);
  Seconds latency = group.per_domain == 1 ? library_.start : Seconds{0};
  Seconds outside{}, inside{};
  bool all_to_all = false;
  double steps = 0;
  for (const Phase& phase : plan.phases()) {
    if (phase.scale_out) {
      outside = phase.sent_per_chip / nic;
      steps = phase.steps;
      latency += phase.steps * (tree ? protocol.tree_hop : protocol.ring_hop);
    } else {
      const Seconds start = scale_up_.collective_time(phase.collective, {phase.ranks, group.stride}, Bytes{1});
      latency += start;
      inside = std::max(scale_up_.collective_time(phase.collective, {phase.ranks, group.stride}, phase.buffer) - start,
                        Seconds{0});
      all_to_all = phase.collective == Collective::kAllToAll;
    }
  }
  if (!tree && !all_to_all && group.per_domain > 1) {
    // A ring passes every member: of its (n - 1) hops a round, d - 1 leave a node and m - 1 are in the measured start.
    const double rounds = steps / (group.domains - 1.0);
    latency += rounds * (group.ranks - group.domains - group.per_domain + 1.0) * protocol.local_hop;
  }
  const double p = library_.overlap_exponent;
  const Seconds larger = std::max(outside, inside);
  if (larger == Seconds{0}) return latency;
  return latency + larger * std::pow(std::pow(outside / larger, p) + std::pow(inside / larger, p), 1.0 / p);
}

Seconds LibraryNetwork::collective_time(Collective collective, const Footprint& group, Bytes buffer) const {
  SOCLE_CHECK(group.ranks == group.per_domain * group.domains, "a footprint covers its group");
  if (group.ranks == 1 || buffer <= Bytes{}) return Seconds{};
  const int reach = group.domains > 1 ? links_.domain : group.stride;
  if (collective == Collective::kSendReceive) return send_time(buffer, reach);
  if (collective == Collective::kRing) return (group.ranks - 1.0) * send_time(buffer / group.ranks, reach);
  if (group.domains == 1) return scale_up_.collective_time(collective, {group.ranks, group.stride}, buffer);
  Seconds best{std::numeric_limits<double>::infinity()};
  for (const LibraryAlgorithm& algorithm : kAlgorithms) {
    if (algorithm.needs_switch && !links_.adds_in_switch) continue;
    const auto plan = algorithm.plan(collective, group, buffer);
    if (!plan) continue;
    for (const catalog::LibraryProtocol& protocol : library_.protocols) {
      best = std::min(best, plan_time(*plan, group, protocol, algorithm.tree));
    }
  }
  SOCLE_CHECK(std::isfinite(best.value()), "every collective has an algorithm");
  return best;
}

Seconds LibraryNetwork::send_time(Bytes message, int distance) const {
  if (distance < links_.domain) return scale_up_.send_time(message, distance);
  Seconds best{std::numeric_limits<double>::infinity()};
  for (const catalog::LibraryProtocol& protocol : library_.protocols) {
    const BytesPerSecond nic = links_.nic_per_chip * (library_.nic_fraction * protocol.bandwidth);
    best = std::min(best, library_.start + protocol.ring_hop + message / nic);
  }
  return best;
}

}  // namespace socle::comm
