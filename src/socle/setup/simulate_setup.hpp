#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "socle/comm/round_plan.hpp"
#include "socle/setup/fabric_setup.hpp"
#include "socle/setup/library_setup.hpp"

namespace socle::setup {

/// What is exchanged, by whom.
struct Exchange {
  comm::RoundPlan plan;                             ///< of a library: what crosses NICs
  std::optional<LibraryRun> library;                ///< what it adds to the messages
  std::vector<std::vector<std::uint32_t>> groups;   ///< endpoint of each member; all run the plan at once
  std::optional<comm::OperationRequest> operation;  ///< collectives
  Bytes buffer{};                                   ///< as nccl-tests counts it; 0 for patterns
  double bus_factor = 1;
  std::string text;  ///< one line
};

/// Groups that run a collective, whatever its size.
struct CollectiveGroups {
  std::vector<std::uint32_t> order;     ///< endpoints in the order of ranks
  std::uint32_t ranks = 0, stride = 1;  ///< members of one group, from one to the next
  std::string algorithm;                ///< textbook: empty = the first that can carry the operation
};

/// What `socle fabric simulate` is asked: one exchange on one fabric.
struct SimulateSetup {
  FabricSetup fabric;
  std::string routing;  ///< one line
  Exchange exchange;
  CollectiveGroups groups;  ///< of collectives
  std::optional<LibrarySetup> library;
  std::vector<Bytes> sizes;        ///< bus bandwidth for each; collectives only
  std::uint32_t seeds = 0;         ///< of the hash, to try
  std::optional<Seconds> fail_at;  ///< what failed does so then; empty = before the run
  Seconds reroute_after{};
  bool every_flow = false;
  std::optional<double> reaction;
};

/// Resolves fabric, traffic and placement. Throws InputError: whatever set_up_fabric refuses, groups that do not divide
/// the endpoints, algorithms that cannot carry the operation, malformed traffic files.
SimulateSetup set_up_simulate(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                              const FileReader& read_file);

/// The collective of the setup with another buffer. Requires: setup.exchange.operation.
Exchange exchange_of_size(const SimulateSetup& setup, Bytes buffer);

}  // namespace socle::setup
