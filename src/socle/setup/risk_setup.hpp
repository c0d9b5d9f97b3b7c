#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/catalog/failure_fleet.hpp"
#include "socle/reliability/job.hpp"
#include "socle/setup/fabric_setup.hpp"
#include "socle/setup/train_setup.hpp"
#include "socle/workload/fault_trace.hpp"

namespace socle::setup {

/// A recorded trace, and how many nodes it watched.
struct RiskTrace {
  workload::FaultTrace trace;
  std::string name;
  std::int64_t nodes = 0;
};

/// What `socle risk` asks, but for the job itself: names looked up, contradictions refused.
struct RiskSetup {
  scenario::RiskSection risk;
  ClusterFacts cluster;
  std::int64_t chips_per_node = 8;
  std::optional<catalog::FailureFleet> fleet;  ///< empty: a rate of the user's own
  std::optional<RiskTrace> trace;
  reliability::RepairLaw unstated_repair;
  std::vector<std::string> assumptions, doubts;

  std::int64_t nodes() const { return (cluster.chips + chips_per_node - 1) / chips_per_node; }
};

/// Throws InputError for keys that contradict each other or act on nothing.
void check_risk(const scenario::RiskSection& risk, const std::string& source);

/// Throws InputError with every problem: no cluster, an unknown fleet, a trace that cannot be read or watched fewer
/// nodes than it names, keys that contradict each other or act on nothing.
RiskSetup set_up_risk(const catalog::Catalog& catalog, const scenario::Scenario& scenario, const FileReader& read_file);

}  // namespace socle::setup
