#include "socle/comm/round_simulation.hpp"

#include <algorithm>
#include <numeric>

#include "socle/comm/flow_table.hpp"
#include "socle/comm/round_executor.hpp"

namespace socle::comm {
namespace {

std::size_t round_count(std::span<const PlacedPlan> groups) {
  std::size_t most = 0;
  for (const PlacedPlan& group : groups) most = std::max(most, group.plan->rounds.size());
  return most;
}

std::uint32_t repeats(const PlacedPlan& group, std::size_t round) { return group.plan->rounds[round].repeat; }

/// Groups that go through the same rounds as often: their rounds are under way together.
bool in_step(std::span<const PlacedPlan> groups) {
  const RoundPlan& first = *groups.front().plan;
  return std::all_of(groups.begin(), groups.end(), [&](const PlacedPlan& group) {
    if (group.plan->rounds.size() != first.rounds.size() || group.plan->barrier != first.barrier) return false;
    for (std::size_t r = 0; r < first.rounds.size(); ++r) {
      if (repeats(group, r) != first.rounds[r].repeat) return false;
    }
    return true;
  });
}

/// True when every member of every group takes part in the round, so that nobody can run ahead.
bool everybody_in(const RoundFlows& flows) {
  bool all = true;
  flows.for_each_group([&](std::uint32_t, const PlacedPlan& group, const Round& round) {
    std::vector<bool> seen(group.members.size(), false);
    for (const Transfer& transfer : round.transfers) seen[transfer.from] = seen[transfer.to] = true;
    all = all && std::find(seen.begin(), seen.end(), false) == seen.end();
  });
  return all;
}

/// Adds what a round puts on links; equal messages whose flows were counted need no second walk over their paths.
void add_link_bytes(const net::Router& router, const RoundFlows& flows, const RoundTimes* times, std::uint32_t repeat,
                    std::vector<double>& link_bytes) {
  if (times != nullptr && times->equal_bytes && !times->flows_on_link.empty()) {
    std::vector<net::LinkId> links(times->flows_on_link.size());
    std::iota(links.begin(), links.end(), 0u);
    return router.add_load(links, times->flows_on_link, flows.flow_bytes(0).value() * repeat, link_bytes);
  }
  for (std::size_t flow = 0; flow < flows.paths.size(); ++flow) {
    const double bytes = flows.flow_bytes(flow / flows.flows_per_transfer).value() * repeat;
    router.add_load(flows.paths.links_of(flow), flows.paths.shares_of(flow), bytes, link_bytes);
  }
}

/// Flows of all rounds and repeats.
std::uint64_t flows_in_all(std::span<const PlacedPlan> groups, const std::vector<RoundFlows>& rounds) {
  std::uint64_t flows = 0;
  for (std::size_t r = 0; r < rounds.size(); ++r) {
    const auto longest = std::find_if(groups.begin(), groups.end(),
                                      [&](const PlacedPlan& group) { return r < group.plan->rounds.size(); });
    flows += rounds[r].paths.size() * repeats(*longest, r);
  }
  return flows;
}

TransferRecord record_of(const RoundFlows& flows, std::size_t message, std::size_t round) {
  return {.group = flows.group_of(message),
          .round = static_cast<std::uint32_t>(round),
          .from = flows.from(message),
          .to = flows.to(message),
          .bytes = flows.transfer(message).bytes};
}

/// Rounds one after another, each solved once. Exact when a round ends for everybody at once, when a barrier makes it
/// so, when it is the only round and the only repeat, or when the one repeated round shares no link: then its slowest
/// message is never held up, and sets the pace of every repeat. Empty when none of these holds.
bool by_rounds(const net::Router& router, std::span<const PlacedPlan> groups, const std::vector<RoundFlows>& rounds,
               const SimulationOptions& options, SimulationResult& result) {
  if (!in_step(groups)) return false;
  const RoundPlan& plan = *groups.front().plan;
  net::Picoseconds clock = 0;
  std::vector<TransferRecord> records;
  Method method = Method::kUnshared;
  for (std::size_t r = 0; r < rounds.size(); ++r) {
    const RoundTimes times = time_round(router, rounds[r], options);
    const std::uint32_t repeat = plan.rounds[r].repeat;
    const bool alone = rounds.size() == 1 && (repeat == 1 || times.method == Method::kUnshared);
    const bool lock_step = (times.together && everybody_in(rounds[r])) || (plan.barrier && groups.size() == 1);
    if (!alone && !lock_step) return false;
    for (std::size_t m = 0; options.keep_transfers && m < rounds[r].size(); ++m) {
      records.push_back(record_of(rounds[r], m, r));
      records.back().start = net::to_seconds(clock);
      records.back().duration = net::to_seconds(times.arrival[m]);
    }
    clock += net::rounded(static_cast<double>(times.slowest) * repeat);
    net::check_within_clock(clock);
    method = std::max(method, times.method);
    result.counts.solves += times.counts.solves;
    result.counts.unshared += times.counts.unshared;
    result.counts.opened += times.counts.opened;
    result.counts.levels += times.counts.levels;
    result.counts.repeats += times.counts.repeats;
    result.flows += rounds[r].paths.size();
    add_link_bytes(router, rounds[r], &times, repeat, result.link_bytes);
  }
  const bool shortcut = rounds.size() > 1 || plan.rounds.front().repeat > 1;
  result.method = method == Method::kByRound && !shortcut ? Method::kEveryFlow : method;
  result.time = net::to_seconds(clock);
  result.transfers = std::move(records);
  return true;
}

void every_flow(net::Router& router, std::span<const PlacedPlan> groups, const std::vector<RoundFlows>& rounds,
                const SimulationOptions& options, SimulationResult& result) {
  RoundExecutor executor(router, groups, rounds, options);
  result.time = net::to_seconds(executor.run());
  result.method = Method::kEveryFlow;
  result.flows = executor.messages_started() * router.flows_per_transfer();
  result.stalled = executor.unfinished();
  result.counts = executor.simulation().rates().counts();
  for (std::size_t r = 0; r < rounds.size(); ++r) {
    const auto longest = std::find_if(groups.begin(), groups.end(),
                                      [&](const PlacedPlan& group) { return r < group.plan->rounds.size(); });
    add_link_bytes(router, rounds[r], nullptr, repeats(*longest, r), result.link_bytes);
    for (std::size_t m = 0; m < rounds[r].size(); ++m) {
      const RoundExecutor::Times& times = executor.times()[executor.first_message(r) + m];
      if (times.arrival < 0 || !options.keep_transfers) continue;
      result.transfers.push_back(record_of(rounds[r], m, r));
      result.transfers.back().start = net::to_seconds(times.start);
      result.transfers.back().duration = net::to_seconds(times.arrival - times.start);
    }
  }
}

}  // namespace

const char* method_name(Method method) {
  switch (method) {
    case Method::kUnshared:
      return "closed form: no link is shared";
    case Method::kOneLevel:
      return "closed form: one fair share for all flows";
    case Method::kByRound:
      return "each different round simulated once";
    case Method::kEveryFlow:
      break;
  }
  return "every flow simulated";
}

SimulationResult simulate_rounds(net::Router& router, std::span<const PlacedPlan> groups,
                                 const SimulationOptions& options) {
  std::vector<RoundFlows> rounds;
  for (std::size_t r = 0; r < round_count(groups); ++r)
    rounds.push_back(route_round(router, groups, r, options.software_latency));
  SimulationResult result;
  const std::size_t links = router.topology().links().size();
  result.link_bytes.assign(links, 0.0);
  if (rounds.empty()) return result;
  if (options.told) options.told->begin("simulating messages", flows_in_all(groups, rounds));
  const bool may_shorten = !options.every_flow && options.failures.empty();
  if (!may_shorten || !by_rounds(router, groups, rounds, options, result)) {
    result = {};
    result.link_bytes.assign(links, 0.0);
    every_flow(router, groups, rounds, options, result);
  }
  return result;
}

}  // namespace socle::comm
