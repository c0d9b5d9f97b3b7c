#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "socle/comm/round_simulation.hpp"

namespace socle::comm {

/// The messages of one round of all groups with their ways through the fabric. Message i is the flows
/// [i * flows_per_transfer, (i + 1) * flows_per_transfer).
class RoundFlows {
 public:
  struct Message { std::uint32_t group = 0, transfer = 0; };

  std::vector<Message> messages;                 ///< in order of groups and their transfers
  std::vector<net::Picoseconds> latency;         ///< by message
  net::FlowPaths paths;
  std::uint32_t flows_per_transfer = 1;

  RoundFlows(std::span<const PlacedPlan> groups, std::size_t round) : groups_(groups), round_(round) {}
  const Transfer& transfer(std::size_t message) const {
    return groups_[messages[message].group].plan->rounds[round_].transfers[messages[message].transfer];
  }
  Bytes flow_bytes(std::size_t message) const { return transfer(message).bytes / flows_per_transfer; }
  /// Endpoints.
  std::uint32_t from(std::size_t message) const { return groups_[messages[message].group].members[transfer(message).from]; }
  std::uint32_t to(std::size_t message) const { return groups_[messages[message].group].members[transfer(message).to]; }
  /// Groups that have such a round.
  template <typename Visit>
  void for_each_group(Visit visit) const {
    for (std::uint32_t g = 0; g < groups_.size(); ++g) {
      if (round_ < groups_[g].plan->rounds.size()) visit(g, groups_[g], groups_[g].plan->rounds[round_]);
    }
  }

 private:
  std::span<const PlacedPlan> groups_;
  std::size_t round_;
};

/// Routes round `round` of every group that has one. Throws InputError naming a pair without a way.
RoundFlows route_round(net::Router& router, std::span<const PlacedPlan> groups, std::size_t round, Seconds software_latency);

/// When each message of one round arrives if all start at zero, and how that was found.
struct RoundTimes {
  std::vector<net::Picoseconds> arrival;         ///< by message
  Method method = Method::kByRound;
  net::MaxMinCounts counts;
  net::Picoseconds slowest = 0;
  std::vector<double> flows_on_link;             ///< by link and trunk; empty when they were not counted
  bool equal_bytes = false;
  bool together = false;                         ///< all arrive at the same time
};
RoundTimes time_round(const net::Router& router, const RoundFlows& flows, bool every_flow, double reaction);

}  // namespace socle::comm
