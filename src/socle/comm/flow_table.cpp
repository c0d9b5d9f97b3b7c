#include "socle/comm/flow_table.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/error.hpp"

namespace socle::comm {
namespace {

using net::Picoseconds;

/// Arrivals of flows that all start at zero, from the flow simulation.
class Arrivals final : public net::FlowSimulation::Listener {
 public:
  Arrivals(const net::FlowSimulation& simulation, std::uint32_t flows_per_transfer, RoundTimes& times)
      : simulation_(simulation), flows_per_transfer_(flows_per_transfer), times_(times) {}
  void arrived(net::FlowId flow) override {
    Picoseconds& arrival = times_.arrival[flow / flows_per_transfer_];
    arrival = std::max(arrival, simulation_.now());
  }

 private:
  const net::FlowSimulation& simulation_;
  std::uint32_t flows_per_transfer_;
  RoundTimes& times_;
};

Picoseconds transfer_time(Bytes bytes, double rate) {
  return bytes <= Bytes{} ? 0 : net::rounded(bytes.value() / rate * 1e12);
}

/// Load and fair share of links when all flows of a round are under way.
struct Loads {
  std::vector<double> flows,
      share;             ///< by link: flows that cross it (sprayed ones by their share), bytes per second for each
  double least = 1e300;  ///< smallest share of any loaded link
  std::uint32_t most_flows = 0;  ///< that any link carries, in whole or in part
};

Loads loads_of(const RoundFlows& flows, const std::vector<double>& capacity) {
  Loads loads;
  loads.flows.assign(capacity.size(), 0.0);
  std::vector<std::uint32_t> crossing(capacity.size(), 0);
  for (const net::LinkId link : flows.paths.links) ++crossing[link];
  for (std::size_t i = 0; i < flows.paths.shares.size(); ++i)
    loads.flows[flows.paths.links[i]] += flows.paths.shares[i];
  if (flows.paths.shares.empty()) loads.flows.assign(crossing.begin(), crossing.end());
  loads.share.assign(capacity.size(), 0.0);
  for (std::size_t link = 0; link < capacity.size(); ++link) {
    if (loads.flows[link] <= 0) continue;
    loads.share[link] = capacity[link] / loads.flows[link];
    loads.least = std::min(loads.least, loads.share[link]);
    loads.most_flows = std::max(loads.most_flows, crossing[link]);
  }
  return loads;
}

/// No link carries two flows: each runs at its slowest link.
void time_unshared(const RoundFlows& flows, const std::vector<double>& capacity, RoundTimes& times) {
  for (std::size_t flow = 0; flow < flows.paths.size(); ++flow) {
    double rate = 1e300;
    const auto links = flows.paths.links_of(flow);
    const auto shares = flows.paths.shares_of(flow);
    for (std::size_t i = 0; i < links.size(); ++i)
      rate = std::min(rate, shares.empty() ? capacity[links[i]] : capacity[links[i]] / shares[i]);
    const std::size_t message = flow / flows.flows_per_transfer;
    times.arrival[message] =
        std::max(times.arrival[message], transfer_time(flows.flow_bytes(message), rate) + flows.latency(message));
  }
  times.method = Method::kUnshared;
}

/// Every flow crosses a link of the least share, and all are equally long: that share is every flow's rate to the end.
bool time_one_level(const RoundFlows& flows, const Loads& loads, bool keep, RoundTimes& times) {
  if (!times.equal_bytes) return false;
  const double limit = loads.least * (1 + 1e-12);
  for (std::size_t flow = 0; flow < flows.paths.size(); ++flow) {
    const auto links = flows.paths.links_of(flow);
    if (std::none_of(links.begin(), links.end(), [&](net::LinkId link) { return loads.share[link] <= limit; }))
      return false;
  }
  const Picoseconds time = transfer_time(flows.flow_bytes(0), loads.least);
  if (keep) times.arrival.resize(flows.size());
  net::Picoseconds least = flows.latency(0), most = least;
  for (std::size_t message = 0; message < flows.size(); ++message) {
    const net::Picoseconds latency = flows.latency(message);
    least = std::min(least, latency);
    most = std::max(most, latency);
    if (keep) times.arrival[message] = time + latency;
  }
  times.slowest = time + most;
  times.together = least == most;
  times.method = Method::kOneLevel;
  return true;
}

bool bytes_equal(const RoundFlows& flows) {
  const Bytes bytes = flows.transfer(0).bytes;
  bool equal = true;
  flows.for_each_group([&](std::uint32_t, const PlacedPlan&, const Round& round) {
    for (const Transfer& transfer : round.transfers) equal = equal && transfer.bytes == bytes;
  });
  return equal;
}

void time_by_simulation(const net::Router& router, const RoundFlows& flows, const SimulationOptions& options,
                        RoundTimes& times) {
  net::FlowSimulation simulation(router.capacities());
  simulation.set_reaction(options.reaction);
  simulation.watch(options.looked_at, options.told);
  simulation.reserve(flows.paths.size(), flows.paths.links.size());
  for (std::size_t flow = 0; flow < flows.paths.size(); ++flow) {
    const std::size_t message = flow / flows.flows_per_transfer;
    const net::FlowId id =
        simulation.add(flows.paths.links_of(flow), flows.paths.shares_of(flow), flows.latency(message));
    simulation.start(id, flows.flow_bytes(message));
  }
  Arrivals arrivals(simulation, flows.flows_per_transfer, times);
  simulation.run(arrivals);
  times.counts = simulation.rates().counts();
}

InputError no_way(const net::Topology& topology, std::uint32_t from, std::uint32_t to) {
  return InputError(Problem{{},
                            0,
                            0,
                            "fabric.rail_forwarding",
                            fmt::format("no way leads from {} to {}; join the two, or write rail_forwarding = true to "
                                        "forward inside hosts",
                                        topology.node_name(from), topology.node_name(to))});
}

}  // namespace

RoundFlows::RoundFlows(const net::Router& router, std::span<const PlacedPlan> groups, std::size_t round,
                       Seconds software_latency)
    : router_(router), groups_(groups), round_(round), software_(net::to_picoseconds(software_latency)), first_{0} {
  flows_per_transfer = router.flows_per_transfer();
  for (const PlacedPlan& group : groups)
    first_.push_back(first_.back() +
                     (round < group.plan->rounds.size() ? group.plan->rounds[round].transfers.size() : 0));
}

std::uint32_t RoundFlows::group_of(std::size_t message) const {
  if (groups_.size() == 1) return 0;
  return static_cast<std::uint32_t>(std::upper_bound(first_.begin(), first_.end(), message) - first_.begin() - 1);
}

Picoseconds RoundFlows::latency(std::size_t message) const {
  const std::size_t last_flow = (message + 1) * flows_per_transfer - 1;
  const bool sprayed = router_.options().routing == net::Routing::kSpray;  // only then do the ends matter
  const Picoseconds links =
      router_.latency(sprayed ? from(message) : 0, sprayed ? to(message) : 0, paths.links_of(last_flow));
  const double latencies = groups_[group_of(message)].plan->rounds[round_].latencies;
  return latencies == 1 ? links + software_ : net::rounded(static_cast<double>(links + software_) * latencies);
}

RoundFlows route_round(net::Router& router, std::span<const PlacedPlan> groups, std::size_t round,
                       Seconds software_latency) {
  RoundFlows flows(router, groups, round, software_latency);
  flows.paths.begin.reserve(flows.size() * flows.flows_per_transfer + 1);
  flows.paths.links.reserve(flows.size() * flows.flows_per_transfer * 6);
  flows.for_each_group([&](std::uint32_t, const PlacedPlan& group, const Round& messages) {
    for (const Transfer& transfer : messages.transfers) {
      const std::uint32_t from = group.members[transfer.from], to = group.members[transfer.to];
      if (!router.append(from, to, transfer.bytes.value(), flows.paths)) throw no_way(router.topology(), from, to);
    }
  });
  return flows;
}

RoundTimes time_round(const net::Router& router, const RoundFlows& flows, const SimulationOptions& options) {
  RoundTimes times;
  if (flows.size() == 0) return times;
  const std::vector<double> capacity = router.capacities();
  Loads loads;
  if (!options.every_flow) {
    loads = loads_of(flows, capacity);
    times.equal_bytes = bytes_equal(flows);
  }
  const bool one_level =
      !options.every_flow && loads.most_flows > 1 && time_one_level(flows, loads, options.keep_transfers, times);
  if (!one_level) {
    times.arrival.assign(flows.size(), 0);
    if (!options.every_flow && loads.most_flows <= 1)
      time_unshared(flows, capacity, times);
    else
      time_by_simulation(router, flows, options, times);
    times.slowest = *std::max_element(times.arrival.begin(), times.arrival.end());
    times.together =
        std::all_of(times.arrival.begin(), times.arrival.end(), [&](Picoseconds t) { return t == times.slowest; });
  }
  times.flows_on_link = std::move(loads.flows);
  return times;
}

}  // namespace socle::comm
