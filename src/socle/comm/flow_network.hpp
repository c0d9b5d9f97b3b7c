#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "socle/base/progress.hpp"
#include "socle/comm/collectives.hpp"
#include "socle/comm/round_plan.hpp"
#include "socle/net/router.hpp"

namespace socle::comm {

/// A fabric as the ranks of jobs find it.
struct PlacedFabric {
  std::unique_ptr<const net::Topology> topology;
  net::RoutingOptions routing;
  std::vector<net::LinkId> failed;  ///< cables out of service
  /// Endpoint of every rank, job by job; all jobs run the same and at the same time. The first is the one asked about.
  std::vector<std::vector<std::uint32_t>> jobs;
  Seconds software_latency{};  ///< of each message between domains
  BytesPerSecond nic{};        ///< of one endpoint, all planes together
};

/// One pattern of messages as the fabric carries it when all groups of all jobs run it at once.
struct PatternCost {
  Seconds latency{};    ///< of the longest way, software included
  Seconds per_byte{};   ///< of one message of each sender, until the slowest has arrived
  double slowdown = 1;  ///< per_byte over that of a sender alone
  std::uint64_t flows = 0;
  std::string method;
};

/// Collectives whose messages between domains run through the flow simulation, on the true topology, with every group
/// of the axis at once; inside a domain the scale-up model answers. Messages of a pattern are equally long and start
/// together, so their time is linear in their length: each pattern and footprint is simulated once. Rings keep the pace
/// of their slowest message. Any number of threads may ask.
class FlowNetwork final : public Network {
 public:
  /// Requires: `scale_up` outlives this object; every job has as many ranks.
  FlowNetwork(const ScaleUp& scale_up, int domain, PlacedFabric fabric);
  ~FlowNetwork() override;

  Seconds collective_time(graph::Collective collective, const Footprint& group, Bytes buffer) const override;
  Seconds send_time(Bytes message, int distance) const override;

  /// What was simulated so far, in order of pattern and footprint.
  struct Use {
    Pattern pattern = Pattern::kRing;
    Footprint group;
    PatternCost cost;
  };
  std::vector<Use> uses() const;
  /// Simulations end by Cancelled once this is cancelled; empty = they always go to their end. Not while others ask.
  void watch(const Progress* progress) { progress_ = progress; }
  const net::Topology& topology() const { return *fabric_.topology; }

 private:
  struct Key {
    Pattern pattern;
    int ranks, per_domain, stride;
    auto operator<=>(const Key&) const = default;
  };
  const PatternCost& cost_of(Pattern pattern, const Footprint& group) const;
  PatternCost simulate(Pattern pattern, const Footprint& group) const;
  Seconds plan_time(const TransferPlan& plan, const Footprint& group) const;
  Seconds phase_time(const Phase& phase, const Footprint& group) const;

  const ScaleUp& scale_up_;
  int domain_;
  PlacedFabric fabric_;
  const Progress* progress_ = nullptr;
  mutable std::mutex mutex_;
  mutable std::map<Key, PatternCost> costs_;
};

/// The messages of one pattern for all groups of `world` ranks, each of one unit, by rank. Groups that do not fit whole
/// are left out.
std::vector<Transfer> pattern_transfers(Pattern pattern, const Footprint& group, std::uint32_t world, Bytes unit);

}  // namespace socle::comm
