#include "socle/comm/round_executor.hpp"

#include <algorithm>

#include "socle/base/check.hpp"

namespace socle::comm {
namespace {

/// Codes for FlowSimulation::Listener::due: failure i, and the reroute that follows it.
constexpr std::uint32_t kReroute = 1u << 31;

}  // namespace

RoundExecutor::RoundExecutor(net::Router& router, std::span<const PlacedPlan> groups,
                             std::span<const RoundFlows> rounds, const SimulationOptions& options)
    : router_(router),
      groups_(groups),
      options_(options),
      simulation_(router.capacities()),
      flows_per_transfer_(router.flows_per_transfer()) {
  simulation_.set_reaction(options.reaction);
  simulation_.watch(options.looked_at, options.told);
  for (std::uint32_t g = 0; g < groups.size(); ++g) {
    first_place_.push_back(static_cast<std::uint32_t>(places_.size()));
    places_.resize(places_.size() + groups[g].members.size(), Place{.group = g});
    group_waiting_.push_back(static_cast<std::uint32_t>(groups[g].members.size()));
  }
  std::size_t flows = 0, hops = 0;
  for (const RoundFlows& round : rounds) flows += round.paths.size(), hops += round.paths.links.size();
  simulation_.reserve(flows, hops);
  index_messages(rounds);
  for (std::uint32_t i = 0; i < options.failures.size(); ++i) {
    const net::Picoseconds at = net::to_picoseconds(options.failures[i].at);
    simulation_.schedule(at, i);
    simulation_.schedule(at + net::to_picoseconds(options.reroute_after), i | kReroute);
  }
}

void RoundExecutor::index_messages(std::span<const RoundFlows> rounds) {
  for (const RoundFlows& round : rounds) {
    first_message_.push_back(messages_.size());
    for (std::size_t m = 0; m < round.size(); ++m) {
      const std::uint32_t first = first_place_[round.group_of(m)];
      const Transfer& transfer = round.transfer(m);
      messages_.push_back({first + transfer.from, first + transfer.to, 0, 0, round.flow_bytes(m)});
      for (std::uint32_t i = 0; i < flows_per_transfer_; ++i) {
        const std::size_t flow = m * flows_per_transfer_ + i;
        simulation_.add(round.paths.links_of(flow), round.paths.shares_of(flow), round.latency(m));
      }
    }
  }
  times_.resize(messages_.size());
  first_message_.push_back(messages_.size());
  // Messages of each (round, place), a counting sort.
  const std::size_t places = places_.size();
  incidence_begin_.assign(rounds.size() * places + 1, 0);
  const auto each = [&](auto&& visit) {
    for (std::size_t r = 0; r < rounds.size(); ++r) {
      for (std::size_t m = first_message_[r]; m < first_message_[r + 1]; ++m) {
        for (const std::uint32_t place : {messages_[m].from, messages_[m].to})
          visit(r * places + place, static_cast<std::uint32_t>(m));
      }
    }
  };
  each([&](std::size_t slot, std::uint32_t) { ++incidence_begin_[slot + 1]; });
  for (std::size_t i = 1; i < incidence_begin_.size(); ++i) incidence_begin_[i] += incidence_begin_[i - 1];
  incidence_.resize(incidence_begin_.back());
  std::vector<std::uint32_t> next(incidence_begin_.begin(), incidence_begin_.end() - 1);
  each([&](std::size_t slot, std::uint32_t message) { incidence_[next[slot]++] = message; });
}

net::Picoseconds RoundExecutor::run() {
  for (std::uint32_t place = 0; place < places_.size(); ++place) enter_step(place);
  for (std::size_t i = 0; i < entering_.size(); ++i) enter_step(entering_[i]);
  entering_.clear();
  simulation_.run(*this);
  for (std::size_t m = 0; m < messages_.size(); ++m) {
    if (messages_[m].flows_left > 0) ++unfinished_;
  }
  for (const Place& place : places_) {
    if (place.round < groups_[place.group].plan->rounds.size() && unfinished_ == 0) ++unfinished_;
  }
  return last_arrival_;
}

void RoundExecutor::enter_step(std::uint32_t place) {
  Place& at = places_[place];
  const auto& rounds = groups_[at.group].plan->rounds;
  if (at.round >= rounds.size()) return;
  const std::size_t slot = at.round * places_.size() + place;
  const std::uint32_t begin = incidence_begin_[slot], end = incidence_begin_[slot + 1];
  at.left = end - begin;
  if (at.left == 0) return leave_step(place);
  for (std::uint32_t i = begin; i < end; ++i) {
    Message& message = messages_[incidence_[i]];
    if (++message.ready == 2) start_message(incidence_[i]);
  }
}

// Iterative, so that members who skip many rounds do not nest calls.
void RoundExecutor::leave_step(std::uint32_t place) {
  const Place& at = places_[place];
  if (!groups_[at.group].plan->barrier) return go_on(place);
  if (--group_waiting_[at.group] > 0) return;
  const auto members = static_cast<std::uint32_t>(groups_[at.group].members.size());
  group_waiting_[at.group] = members;
  for (std::uint32_t m = 0; m < members; ++m) go_on(first_place_[at.group] + m);
}

void RoundExecutor::go_on(std::uint32_t place) {
  Place& at = places_[place];
  if (++at.repeat == groups_[at.group].plan->rounds[at.round].repeat) ++at.round, at.repeat = 0;
  entering_.push_back(place);
}

void RoundExecutor::start_message(std::uint32_t id) {
  Message& message = messages_[id];
  message.ready = 0;
  message.flows_left = flows_per_transfer_;
  ++messages_started_;
  if (times_[id].start < 0) times_[id].start = simulation_.now();
  for (std::uint32_t i = 0; i < flows_per_transfer_; ++i)
    simulation_.start(id * flows_per_transfer_ + i, message.flow_bytes);
}

void RoundExecutor::arrived(net::FlowId flow) {
  const std::uint32_t id = flow / flows_per_transfer_;
  Message& message = messages_[id];
  if (--message.flows_left > 0) return;
  last_arrival_ = simulation_.now();
  if (times_[id].arrival < 0) times_[id].arrival = last_arrival_;
  for (const std::uint32_t place : {message.from, message.to}) {
    if (--places_[place].left == 0) leave_step(place);
  }
  for (std::size_t i = 0; i < entering_.size(); ++i) enter_step(entering_[i]);
  entering_.clear();
}

void RoundExecutor::due(std::uint32_t what) {
  if ((what & kReroute) != 0) return reroute_stalled();
  for (const net::LinkId link : options_.failures[what].links) {
    router_.set_failed(link, true);
    for (const net::LinkId direction : {link & ~1u, link | 1u}) simulation_.set_capacity(direction, 0.0);
  }
}

// Every flow known that crosses a dead link gets another way, whether it runs now or will run again later.
void RoundExecutor::reroute_stalled() {
  net::FlowPaths paths;
  for (std::uint32_t flow = 0; flow < simulation_.rates().flows(); ++flow) {
    const auto links = simulation_.rates().links_of(flow);
    if (std::none_of(links.begin(), links.end(), [this](net::LinkId link) {
          return link < router_.topology().links().size() && router_.failed(link);
        }))
      continue;
    const Message& message = messages_[flow / flows_per_transfer_];
    const auto endpoint = [this](std::uint32_t place) {
      return groups_[places_[place].group].members[place - first_place_[places_[place].group]];
    };
    paths = {};
    if (!router_.append(endpoint(message.from), endpoint(message.to), message.flow_bytes.value(), paths)) continue;
    const std::size_t mine = flow % flows_per_transfer_;
    const net::Picoseconds latency =
        router_.latency(endpoint(message.from), endpoint(message.to), paths.links_of(mine)) +
        net::to_picoseconds(options_.software_latency);
    simulation_.reroute(flow, paths.links_of(mine), paths.shares_of(mine), latency);
  }
}

}  // namespace socle::comm
