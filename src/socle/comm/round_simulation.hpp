#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "socle/comm/round_plan.hpp"
#include "socle/net/flow_simulation.hpp"
#include "socle/net/router.hpp"

namespace socle::comm {

/// A plan carried out by members that stand at endpoints of a fabric.
struct PlacedPlan {
  const RoundPlan* plan = nullptr;
  std::vector<std::uint32_t> members;  ///< endpoint of each member
};

/// How a result was found; the first that is exact for the case is taken.
enum class Method {
  kUnshared,   ///< no link carries two flows: closed form
  kOneLevel,   ///< one fair share holds for all flows: one division
  kByRound,    ///< each different round simulated once, times its repeats
  kEveryFlow,  ///< every message of every round simulated
};
const char* method_name(Method method);

struct Failure {
  Seconds at{};
  std::vector<net::LinkId> links{};  ///< cables, by either direction
};

struct SimulationOptions {
  Seconds software_latency{};           ///< of each message, beside the links'
  bool every_flow = false;              ///< never take a shortcut
  bool keep_transfers = false;          ///< record every message
  std::vector<Failure> failures{};      ///< during the run
  Seconds reroute_after{};              ///< from a failure until its flows have other ways
  double reaction = 0;                  ///< rates answer departures within this share of the time passed
  const Progress* looked_at = nullptr;  ///< ends the run by Cancelled
  Progress* told = nullptr;             ///< of every flow that has finished, and looked at
};

/// One message as it went. Of repeated rounds the first.
struct TransferRecord {
  std::uint32_t group = 0, round = 0;
  std::uint32_t from = 0, to = 0;  ///< endpoints
  Bytes bytes{};
  Seconds start{}, duration{};  ///< latency included
};

struct SimulationResult {
  Seconds time{};  ///< until the last byte has arrived
  Method method = Method::kEveryFlow;
  std::vector<TransferRecord> transfers;  ///< in order of group, round, plan; empty unless asked for
  std::vector<double> link_bytes;         ///< by link, over the whole run
  std::uint64_t flows = 0;                ///< simulated flows, repeats counted
  std::uint64_t stalled = 0;              ///< messages that found no way after a failure; they never arrived
  net::MaxMinCounts counts;
};

/// Runs all groups at once. Throws InputError when two members cannot reach each other.
SimulationResult simulate_rounds(net::Router& router, std::span<const PlacedPlan> groups,
                                 const SimulationOptions& options);

}  // namespace socle::comm
