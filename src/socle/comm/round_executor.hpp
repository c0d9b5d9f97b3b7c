#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "socle/comm/flow_table.hpp"

namespace socle::comm {

/// Carries out placed plans message by message. A member is in one step at a time (a round, or one repeat of it); a
/// message starts when both its ends are in its step, and a member goes on when all its messages of the step are
/// through.
class RoundExecutor final : public net::FlowSimulation::Listener {
 public:
  /// Requires: `router`, `groups` and `rounds` outlive the executor; rounds[r] = route_round(router, groups, r, ...).
  RoundExecutor(net::Router& router, std::span<const PlacedPlan> groups, std::span<const RoundFlows> rounds,
                const SimulationOptions& options);

  /// Returns when the last message arrived.
  net::Picoseconds run();
  void arrived(net::FlowId flow) override;
  void due(std::uint32_t what) override;

  const net::FlowSimulation& simulation() const { return simulation_; }
  /// Messages that were started, repeats counted.
  std::uint64_t messages_started() const { return messages_started_; }
  /// Start and arrival of the first run of each message, by round and message; -1 where it never came to it.
  struct Times {
    net::Picoseconds start = -1, arrival = -1;
  };
  const std::vector<Times>& times() const { return times_; }
  std::size_t first_message(std::size_t round) const { return first_message_[round]; }
  /// Messages under way for ever, or members who wait for one that never started.
  std::uint64_t unfinished() const { return unfinished_; }

 private:
  struct Message {
    std::uint32_t from = 0, to = 0;  ///< places
    std::uint32_t ready = 0, flows_left = 0;
    Bytes flow_bytes{};
  };
  struct Place {  ///< one member of one group
    std::uint32_t group = 0, round = 0, repeat = 0, left = 0;
  };
  void index_messages(std::span<const RoundFlows> rounds);
  void enter_step(std::uint32_t place);
  void leave_step(std::uint32_t place);
  void go_on(std::uint32_t place);
  void start_message(std::uint32_t message);
  void reroute_stalled();

  net::Router& router_;
  std::span<const PlacedPlan> groups_;
  const SimulationOptions& options_;
  net::FlowSimulation simulation_;
  std::uint32_t flows_per_transfer_;
  std::vector<std::uint32_t> first_place_;  ///< of each group
  std::vector<Place> places_;
  std::vector<std::uint32_t> group_waiting_;  ///< members that a barrier still waits for
  std::vector<Message> messages_;
  std::vector<std::size_t> first_message_;                  ///< of each round
  std::vector<std::uint32_t> incidence_begin_, incidence_;  ///< messages of (round, place)
  std::vector<Times> times_;
  std::vector<std::uint32_t> entering_;  ///< places that enter their step once the current event is handled
  std::uint64_t messages_started_ = 0, unfinished_ = 0;
  net::Picoseconds last_arrival_ = 0;
};

}  // namespace socle::comm
