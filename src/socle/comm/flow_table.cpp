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

Picoseconds transfer_time(Bytes bytes, double rate) { return bytes <= Bytes{} ? 0 : std::llround(bytes.value() / rate * 1e12); }

/// Load and fair share of links when all flows of a round are under way.
struct Loads {
  std::vector<double> flows, share;     ///< by link: flows that cross it (sprayed ones by their share), bytes per second for each
  double least = 1e300;                 ///< smallest share of any loaded link
  std::uint32_t most_flows = 0;         ///< that any link carries, in whole or in part
};

Loads loads_of(const RoundFlows& flows, const std::vector<double>& capacity) {
  Loads loads;
  loads.flows.assign(capacity.size(), 0.0);
  std::vector<std::uint32_t> crossing(capacity.size(), 0);
  for (const net::LinkId link : flows.paths.links) ++crossing[link];
  for (std::size_t i = 0; i < flows.paths.shares.size(); ++i) loads.flows[flows.paths.links[i]] += flows.paths.shares[i];
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
    for (std::size_t i = 0; i < links.size(); ++i) rate = std::min(rate, shares.empty() ? capacity[links[i]] : capacity[links[i]] / shares[i]);
    const std::size_t message = flow / flows.flows_per_transfer;
    times.arrival[message] = std::max(times.arrival[message], transfer_time(flows.flow_bytes(message), rate) + flows.latency[message]);
  }
  times.method = Method::kUnshared;
}

/// Every flow crosses a link of the least share, and all are equally long: that share is every flow's rate to the end.
bool time_one_level(const RoundFlows& flows, const Loads& loads, RoundTimes& times) {
  if (!times.equal_bytes) return false;
  const double limit = loads.least * (1 + 1e-12);
  for (std::size_t flow = 0; flow < flows.paths.size(); ++flow) {
    const auto links = flows.paths.links_of(flow);
    if (std::none_of(links.begin(), links.end(), [&](net::LinkId link) { return loads.share[link] <= limit; })) return false;
  }
  const Picoseconds time = transfer_time(flows.flow_bytes(0), loads.least);
  for (std::size_t message = 0; message < flows.messages.size(); ++message) times.arrival[message] = time + flows.latency[message];
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

void time_by_simulation(const net::Router& router, const RoundFlows& flows, double reaction, RoundTimes& times) {
  net::FlowSimulation simulation(router.capacities());
  simulation.set_reaction(reaction);
  simulation.reserve(flows.paths.size(), flows.paths.links.size());
  for (std::size_t flow = 0; flow < flows.paths.size(); ++flow) {
    const std::size_t message = flow / flows.flows_per_transfer;
    const net::FlowId id = simulation.add(flows.paths.links_of(flow), flows.paths.shares_of(flow), flows.latency[message]);
    simulation.start(id, flows.flow_bytes(message));
  }
  Arrivals arrivals(simulation, flows.flows_per_transfer, times);
  simulation.run(arrivals);
  times.counts = simulation.rates().counts();
}

InputError no_way(const net::Topology& topology, std::uint32_t from, std::uint32_t to) {
  return InputError(Problem{{}, 0, 0, "topology", fmt::format("no way leads from {} to {}; join the two, or turn on forwarding inside hosts",
                                                              topology.node_name(from), topology.node_name(to))});
}

}  // namespace

RoundFlows route_round(net::Router& router, std::span<const PlacedPlan> groups, std::size_t round, Seconds software_latency) {
  RoundFlows flows(groups, round);
  flows.flows_per_transfer = router.flows_per_transfer();
  std::size_t count = 0;
  flows.for_each_group([&](std::uint32_t, const PlacedPlan&, const Round& messages) { count += messages.transfers.size(); });
  flows.messages.reserve(count);
  flows.latency.reserve(count);
  flows.paths.begin.reserve(count * flows.flows_per_transfer + 1);
  flows.paths.links.reserve(count * flows.flows_per_transfer * 6);
  const net::Picoseconds software = net::to_picoseconds(software_latency);
  flows.for_each_group([&](std::uint32_t g, const PlacedPlan& group, const Round& messages) {
    const auto transfers = static_cast<std::uint32_t>(messages.transfers.size());
    for (std::uint32_t t = 0; t < transfers; ++t) {
      const std::uint32_t from = group.members[messages.transfers[t].from], to = group.members[messages.transfers[t].to];
      if (!router.append(from, to, messages.transfers[t].bytes.value(), flows.paths)) throw no_way(router.topology(), from, to);
      const net::Picoseconds links = router.latency(from, to, flows.paths.links_of(flows.paths.size() - 1));
      flows.messages.push_back({g, t});
      flows.latency.push_back(messages.latencies == 1 ? links + software : std::llround(static_cast<double>(links + software) * messages.latencies));
    }
  });
  return flows;
}

RoundTimes time_round(const net::Router& router, const RoundFlows& flows, bool every_flow, double reaction) {
  RoundTimes times;
  times.arrival.assign(flows.messages.size(), 0);
  if (!flows.messages.empty()) {
    const std::vector<double> capacity = router.capacities();
    bool done = false;
    if (!every_flow) {
      Loads loads = loads_of(flows, capacity);
      times.equal_bytes = bytes_equal(flows);
      done = loads.most_flows <= 1;
      if (done) time_unshared(flows, capacity, times);
      else done = time_one_level(flows, loads, times);
      times.flows_on_link = std::move(loads.flows);
    }
    if (!done) time_by_simulation(router, flows, reaction, times);
    times.slowest = *std::max_element(times.arrival.begin(), times.arrival.end());
    times.together = std::all_of(times.arrival.begin(), times.arrival.end(), [&](Picoseconds t) { return t == times.slowest; });
  }
  return times;
}

}  // namespace socle::comm
