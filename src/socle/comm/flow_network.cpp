#include "socle/comm/flow_network.hpp"

#include <algorithm>
#include <cmath>

#include "socle/base/check.hpp"
#include "socle/comm/algorithms/algorithms.hpp"
#include "socle/comm/round_simulation.hpp"

namespace socle::comm {

using graph::Collective;

namespace {

constexpr Bytes kUnit{1e9};

/// Edges of both trees over `domains`, child first, as the flat algorithm has them.
std::vector<Transfer> tree_edges(std::uint32_t domains) {
  const auto plan = double_tree_rounds({.operation = Operation::kAllReduce, .ranks = domains, .buffer = Bytes{2.0}});
  return plan->rounds.front().transfers;
}

void add_group(Pattern pattern, const Footprint& group, const std::vector<std::uint32_t>& members, Bytes unit,
               std::vector<Transfer>& transfers) {
  const auto n = static_cast<std::uint32_t>(members.size()), m = static_cast<std::uint32_t>(group.per_domain);
  switch (pattern) {
    case Pattern::kRing:
      for (std::uint32_t i = 0; i < n; ++i) transfers.push_back({members[i], members[(i + m) % n], unit});
      return;
    case Pattern::kTwoTrees:
      for (const Transfer& edge : tree_edges(n / m)) {
        for (std::uint32_t local = 0; local < m; ++local)
          transfers.push_back({members[edge.from * m + local], members[edge.to * m + local], unit});
      }
      return;
    case Pattern::kNext:
      for (std::uint32_t i = 0; i < n; ++i) {
        if (i / m != (i + 1) % n / m) transfers.push_back({members[i], members[(i + 1) % n], unit});
      }
      return;
    case Pattern::kAllPairs:
      for (std::uint32_t step = 1; step < n; ++step) {
        for (std::uint32_t i = 0; i < n; ++i) {
          if (i / m != (i + step) % n / m) transfers.push_back({members[i], members[(i + step) % n], unit});
        }
      }
      return;
  }
}

}  // namespace

std::vector<Transfer> pattern_transfers(Pattern pattern, const Footprint& group, std::uint32_t world, Bytes unit) {
  std::vector<Transfer> transfers;
  const auto stride = static_cast<std::uint32_t>(group.stride), ranks = static_cast<std::uint32_t>(group.ranks);
  std::vector<std::uint32_t> members(ranks);
  for (std::uint64_t block = 0; block + static_cast<std::uint64_t>(stride) * ranks <= world;
       block += static_cast<std::uint64_t>(stride) * ranks) {
    for (std::uint32_t offset = 0; offset < stride; ++offset) {
      for (std::uint32_t i = 0; i < ranks; ++i) members[i] = static_cast<std::uint32_t>(block) + offset + i * stride;
      add_group(pattern, group, members, unit, transfers);
    }
  }
  return transfers;
}

FlowNetwork::FlowNetwork(const ScaleUp& scale_up, int domain, PlacedFabric fabric)
    : scale_up_(scale_up), domain_(domain), fabric_(std::move(fabric)) {
  SOCLE_CHECK(fabric_.topology != nullptr && !fabric_.jobs.empty(), "a job stands on a fabric");
}

FlowNetwork::~FlowNetwork() = default;

const PatternCost& FlowNetwork::cost_of(Pattern pattern, const Footprint& group) const {
  const Key key{pattern, group.ranks, group.per_domain, group.stride};
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = costs_.find(key);
  if (known != costs_.end()) return known->second;
  return costs_.emplace(key, simulate(pattern, group)).first->second;
}

PatternCost FlowNetwork::simulate(Pattern pattern, const Footprint& group) const {
  RoundPlan plan{.algorithm = "pattern", .rounds = {}, .barrier = true};
  Round round;
  std::vector<std::uint32_t> endpoints;
  const auto world = static_cast<std::uint32_t>(fabric_.jobs.front().size());
  for (const auto& job : fabric_.jobs) {
    const auto first = static_cast<std::uint32_t>(endpoints.size());
    for (const Transfer& transfer : pattern_transfers(pattern, group, world, kUnit)) {
      round.transfers.push_back({first + transfer.from, first + transfer.to, transfer.bytes});
    }
    endpoints.insert(endpoints.end(), job.begin(), job.end());
  }
  PatternCost cost;
  if (round.transfers.empty()) return cost;
  std::vector<std::uint32_t> sends(endpoints.size());
  for (const Transfer& transfer : round.transfers) ++sends[transfer.from];
  plan.rounds.push_back(std::move(round));
  net::Router router(*fabric_.topology, fabric_.routing);
  for (const net::LinkId link : fabric_.failed) router.set_failed(link, true);
  const PlacedPlan placed{&plan, endpoints};
  const SimulationResult whole =
      simulate_rounds(router, {&placed, 1}, {.software_latency = fabric_.software_latency, .looked_at = progress_});
  for (Transfer& transfer : plan.rounds.front().transfers) transfer.bytes = Bytes{};
  const SimulationResult empty =
      simulate_rounds(router, {&placed, 1}, {.software_latency = fabric_.software_latency, .looked_at = progress_});
  cost.latency = empty.time;
  cost.per_byte = (whole.time - empty.time) * (1.0 / kUnit.value());
  const double alone = *std::max_element(sends.begin(), sends.end()) / fabric_.nic.value();
  cost.slowdown = cost.per_byte.value() / alone;
  cost.flows = whole.flows;
  cost.method = method_name(whole.method);
  return cost;
}

Seconds FlowNetwork::phase_time(const Phase& phase, const Footprint& group) const {
  if (!phase.scale_out) return scale_up_.collective_time(phase.collective, {phase.ranks, group.stride}, phase.buffer);
  const PatternCost& cost = cost_of(phase.pattern, group);
  const double rounds = phase.pattern == Pattern::kRing ? phase.steps : 1.0;  // the others send all at once
  return phase.steps * cost.latency + rounds * phase.message.value() * cost.per_byte;
}

Seconds FlowNetwork::plan_time(const TransferPlan& plan, const Footprint& group) const {
  Seconds slowest{}, sum{};
  for (const Phase& phase : plan.phases()) {
    const Seconds time = phase_time(phase, group);
    slowest = std::max(slowest, time);
    sum += time;
  }
  return plan.pipelined() ? slowest : sum;
}

Seconds FlowNetwork::collective_time(Collective collective, const Footprint& group, Bytes buffer) const {
  if (group.ranks == 1 || buffer <= Bytes{}) return Seconds{};
  const int reach = group.domains > 1 ? std::max(group.stride, domain_) : group.stride;
  if (collective == Collective::kSendReceive) return send_time(buffer, reach);
  if (collective == Collective::kRing && group.domains > 1) {
    // From member to member: only the last of a domain leaves it.
    const PatternCost& cost = cost_of(
        Pattern::kRing, {.ranks = group.ranks, .per_domain = 1, .domains = group.ranks, .stride = group.stride});
    return (group.ranks - 1.0) * (cost.latency + (buffer / group.ranks).value() * cost.per_byte);
  }
  if (collective == Collective::kRing)
    return (group.ranks - 1.0) * scale_up_.send_time(buffer / group.ranks, group.stride);
  if (group.domains == 1) return scale_up_.collective_time(collective, {group.ranks, group.stride}, buffer);
  Seconds best{1e30};
  for (const AlgorithmEntry& entry : algorithms()) {
    if (const auto plan = entry.plan(collective, group, buffer)) best = std::min(best, plan_time(*plan, group));
  }
  return best;
}

// Every rank sends to the one `distance` further at once, as stages of a pipeline do.
Seconds FlowNetwork::send_time(Bytes message, int distance) const {
  if (distance < domain_) return scale_up_.send_time(message, distance);
  const int world = static_cast<int>(fabric_.jobs.front().size());
  if (world / distance < 2) return scale_up_.send_time(message, distance);
  const Footprint stages{.ranks = world / distance, .per_domain = 1, .domains = world / distance, .stride = distance};
  const PatternCost& cost = cost_of(Pattern::kRing, stages);
  return cost.latency + message.value() * cost.per_byte;
}

std::vector<FlowNetwork::Use> FlowNetwork::uses() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<Use> uses;
  for (const auto& [key, cost] : costs_) {
    uses.push_back({key.pattern,
                    {.ranks = key.ranks,
                     .per_domain = key.per_domain,
                     .domains = key.ranks / key.per_domain,
                     .stride = key.stride},
                    cost});
  }
  return uses;
}

}  // namespace socle::comm
