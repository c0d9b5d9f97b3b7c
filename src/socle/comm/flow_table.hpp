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
  net::FlowPaths paths;
  std::uint32_t flows_per_transfer = 1;

  /// Requires: `router` and `groups` outlive the object.
  RoundFlows(const net::Router& router, std::span<const PlacedPlan> groups, std::size_t round,
             Seconds software_latency);
  /// Messages, in order of groups and their transfers.
  std::size_t size() const { return first_.back(); }
  std::uint32_t group_of(std::size_t message) const;
  const Transfer& transfer(std::size_t message) const {
    const std::uint32_t group = group_of(message);
    return groups_[group].plan->rounds[round_].transfers[message - first_[group]];
  }
  Bytes flow_bytes(std::size_t message) const { return transfer(message).bytes / flows_per_transfer; }
  /// Endpoints.
  std::uint32_t from(std::size_t message) const { return groups_[group_of(message)].members[transfer(message).from]; }
  std::uint32_t to(std::size_t message) const { return groups_[group_of(message)].members[transfer(message).to]; }
  /// Of the message's last flow, software included. Worked out when asked: a million messages need not hold it.
  net::Picoseconds latency(std::size_t message) const;
  /// Groups that have such a round.
  template <typename Visit>
  void for_each_group(Visit visit) const {
    for (std::uint32_t g = 0; g < groups_.size(); ++g) {
      if (round_ < groups_[g].plan->rounds.size()) visit(g, groups_[g], groups_[g].plan->rounds[round_]);
    }
  }

 private:
  const net::Router& router_;
  std::span<const PlacedPlan> groups_;
  std::size_t round_;
  net::Picoseconds software_;
  std::vector<std::size_t> first_;  ///< message of each group, and the end
};

/// Routes round `round` of every group that has one. Throws InputError naming a pair without a way.
RoundFlows route_round(net::Router& router, std::span<const PlacedPlan> groups, std::size_t round,
                       Seconds software_latency);

/// When each message of one round arrives if all start at zero, and how that was found.
struct RoundTimes {
  std::vector<net::Picoseconds> arrival;  ///< by message; may be empty when nobody asked for it
  Method method = Method::kByRound;
  net::MaxMinCounts counts;
  net::Picoseconds slowest = 0;
  std::vector<double> flows_on_link;  ///< by link and trunk; empty when they were not counted
  bool equal_bytes = false;
  bool together = false;  ///< all arrive at the same time
};
RoundTimes time_round(const net::Router& router, const RoundFlows& flows, const SimulationOptions& options);

}  // namespace socle::comm
