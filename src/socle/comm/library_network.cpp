#include "socle/comm/library_network.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

#include "socle/base/check.hpp"
#include "socle/comm/algorithms/algorithms.hpp"

namespace socle::comm {
namespace {

using graph::Collective;

/// Which members a message passes on its way round.
enum class Hops {
  kRing,  ///< all of them
  kTree,  ///< one of each domain
  kRail,  ///< one of each domain, in a ring
};

/// What libraries choose from; a library may name fewer.
struct LibraryAlgorithm {
  std::string_view name;
  PlanFunction plan;
  Hops hops;
  bool needs_switch;  ///< only where the switches add, and in plain frames: they add no flags
  bool usual;         ///< of a library that names none
};
constexpr std::array<LibraryAlgorithm, 5> kAlgorithms = {
    {{"ring", &ring, Hops::kRing, false, true},
     {"switch-tree", &switch_tree, Hops::kTree, true, true},
     {"double-binary-tree", &double_binary_tree, Hops::kTree, false, true},
     {"pairwise", &pairwise, Hops::kRail, false, true},
     {"hierarchical", &hierarchical, Hops::kRail, false, false}}};

bool has(const catalog::CollectiveLibrary& library, const LibraryAlgorithm& algorithm) {
  const auto& names = library.algorithms;
  return names.empty() ? algorithm.usual : std::find(names.begin(), names.end(), algorithm.name) != names.end();
}

/// Measured curves took the best protocol; frames with flags leave less of the link than plain ones.
Seconds framed_time(const Phase& phase, const catalog::LibraryProtocol& protocol, BytesPerSecond link) {
  if (!(link > BytesPerSecond{}) || protocol.bandwidth >= 1.0) return Seconds{};
  const double rounds = phase.collective == Collective::kAllReduce ? 2.0 : 1.0;
  return phase.buffer * (rounds * (phase.ranks - 1.0) / phase.ranks) / (link * protocol.bandwidth);
}

}  // namespace

struct LibraryNetwork::Candidate {
  const TransferPlan& plan;
  const catalog::LibraryProtocol& protocol;
  Hops hops;
};

Collective library_collective(Operation operation) {
  switch (operation) {
    case Operation::kAllReduce:
      return Collective::kAllReduce;
    case Operation::kReduceScatter:
      return Collective::kReduceScatter;
    case Operation::kAllToAll:
      return Collective::kAllToAll;
    case Operation::kSendReceive:
      return Collective::kSendReceive;
    case Operation::kAllGather:
    case Operation::kBroadcast:
    case Operation::kReduce:
      break;
  }
  return Collective::kAllGather;
}

Bytes library_buffer(Operation operation, int ranks, Bytes buffer) {
  const bool rooted = operation == Operation::kBroadcast || operation == Operation::kReduce;
  return rooted ? buffer * (ranks / (ranks - 1.0)) : buffer;
}

Seconds call_time(Seconds latency, Seconds outside, Seconds inside, double overlap_exponent) {
  const Seconds larger = std::max(outside, inside);
  if (larger == Seconds{0}) return latency;
  const double p = overlap_exponent;
  return latency + larger * std::pow(std::pow(outside / larger, p) + std::pow(inside / larger, p), 1.0 / p);
}

LibraryCall LibraryNetwork::parts_of(const Candidate& candidate, const Footprint& group, double nic_share) const {
  const catalog::LibraryProtocol& protocol = candidate.protocol;
  const BytesPerSecond nic = links_.nic_per_chip * (library_.nic_fraction * protocol.bandwidth * nic_share);
  LibraryCall call{.plan = candidate.plan,
                   .protocol = &protocol,
                   .steps = 0,
                   .latency = group.per_domain == 1 ? library_.start : Seconds{0},
                   .outside = {},
                   .inside = {}};
  for (const Phase& phase : candidate.plan.phases()) {
    if (phase.scale_out) {
      call.outside = phase.sent_per_chip / nic;
      call.steps = phase.steps;
      call.latency += phase.steps * (candidate.hops == Hops::kTree ? protocol.tree_hop : protocol.ring_hop);
    } else {
      const Seconds start = scale_up_.collective_time(phase.collective, {phase.ranks, group.stride}, Bytes{1});
      call.latency += start;
      call.inside = std::max(
          scale_up_.collective_time(phase.collective, {phase.ranks, group.stride}, phase.buffer) - start, Seconds{0});
      call.inside = std::max(call.inside, framed_time(phase, protocol, links_.scale_up));
    }
  }
  if (candidate.hops == Hops::kRing && group.per_domain > 1) {
    // A ring passes every member: of its (n - 1) hops a round, d - 1 leave a node and m - 1 are in the measured start.
    const double rounds = call.steps / (group.domains - 1.0);
    call.latency += rounds * (group.ranks - group.domains - group.per_domain + 1.0) * protocol.local_hop;
  }
  return call;
}

LibraryCall LibraryNetwork::choose(Collective collective, const Footprint& group, Bytes buffer, int nics) const {
  SOCLE_CHECK(group.ranks == group.per_domain * group.domains, "a footprint covers its group");
  SOCLE_CHECK(group.ranks > 1 && buffer > Bytes{} && collective != Collective::kRing, "somebody has something to send");
  TransferPlan alone("scale-up", true);
  if (group.domains == 1) {
    const bool in_switch = collective == Collective::kAllReduce && links_.adds_in_switch;
    const LocalPattern local_pattern = collective == Collective::kAllToAll ? LocalPattern::kMesh
                                       : in_switch                         ? LocalPattern::kSwitch
                                                                           : LocalPattern::kChain;
    alone.add({.collective = collective, .ranks = group.ranks, .buffer = buffer, .local = local_pattern});
    const LocalGroup local{group.ranks, group.stride};
    const auto time = [&](Bytes bytes) {
      return collective == Collective::kSendReceive ? scale_up_.send_time(bytes, group.stride)
                                                    : scale_up_.collective_time(collective, local, bytes);
    };
    const Seconds all = time(buffer), start = std::min(time(Bytes{1}), all);
    return {.plan = alone, .protocol = nullptr, .steps = 0, .latency = start, .outside = {}, .inside = all - start};
  }
  const double nic_share = nics > 0 ? std::min(1.0, static_cast<double>(nics) / group.per_domain) : 1.0;
  std::optional<LibraryCall> best;
  Seconds best_time{std::numeric_limits<double>::infinity()};
  const auto consider = [&](const TransferPlan& plan, Hops hops, double share, bool plain) {
    for (const catalog::LibraryProtocol& protocol : library_.protocols) {
      if (plain && protocol.bandwidth < 1.0) continue;
      LibraryCall call = parts_of({plan, protocol, hops}, group, share);
      const Seconds time = call_time(call.latency, call.outside, call.inside, library_.overlap_exponent);
      if (!(time < best_time)) continue;
      best_time = time;
      best = std::move(call);
    }
  };
  if (collective == Collective::kSendReceive) {
    TransferPlan send("send-receive", true);
    send.add({.scale_out = true, .sent_per_chip = buffer, .steps = 1, .pattern = Pattern::kNext, .message = buffer});
    consider(send, Hops::kRail, 1.0, false);
    if (group.per_domain > 1) best->latency += library_.start;  // counted already where members stand alone
    return *std::move(best);
  }
  for (const LibraryAlgorithm& algorithm : kAlgorithms) {
    if (!has(library_, algorithm) || (algorithm.needs_switch && !links_.adds_in_switch)) continue;
    if (const auto plan = algorithm.plan(collective, group, buffer))
      consider(*plan, algorithm.hops, nic_share, algorithm.needs_switch);
  }
  SOCLE_CHECK(best.has_value(), "every collective has an algorithm");
  return *std::move(best);
}

Seconds LibraryNetwork::collective_time(Collective collective, const Footprint& group, Bytes buffer) const {
  if (group.ranks == 1 || buffer <= Bytes{}) return Seconds{};
  if (collective == Collective::kRing)
    return (group.ranks - 1.0) * send_time(buffer / group.ranks, group.domains > 1 ? links_.domain : group.stride);
  if (collective == Collective::kSendReceive)
    return send_time(buffer, group.domains > 1 ? links_.domain : group.stride);
  if (group.domains == 1) return scale_up_.collective_time(collective, {group.ranks, group.stride}, buffer);
  const LibraryCall call = choose(collective, group, buffer);
  return call_time(call.latency, call.outside, call.inside, library_.overlap_exponent);
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
