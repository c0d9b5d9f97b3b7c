#pragma once

#include <memory>
#include <string>

#include "socle/api/fabric_setup.hpp"
#include "socle/api/fabric_simulate.hpp"
#include "socle/api/train_setup.hpp"
#include "socle/report/flow_report.hpp"

namespace socle::api {

/// Training on the flow simulator: puts the scenario's fabric under the job's machine, and tells afterwards what was found.
class FlowNetworks {
 public:
  /// Gives `setup.machine` the flow network; what the closed forms would answer is kept for comparison. Requires: all
  /// arguments but `setup` outlive this object. Throws InputError as set_up_fabric does, and for too few hosts.
  FlowNetworks(const catalog::Catalog& catalog, const Scenario& scenario, const FileReader& read_file, TrainSetup& setup);

  /// What the step of this layout used; with placement = "compare" the other placements and orders of axes too. The
  /// machine of `setup` must be the one that was given; it leaves with the network it came with.
  report::FlowReport report(const workload::Layout& layout, const train::StepResult& step, TrainSetup& setup);

 private:
  const comm::FlowNetwork* place(const std::string& placement, TrainSetup& setup);
  std::vector<report::PlacementRow> compare(const workload::Layout& layout, TrainSetup& setup);

  const catalog::Catalog& catalog_;
  const Scenario& scenario_;
  const FileReader& read_file_;
  const comm::FlowNetwork* current_ = nullptr;   ///< owned by the machine
  train::Machine closed_;                        ///< the same machine on closed forms
  std::string fabric_, routing_;
  std::vector<std::string> assumptions_;
};

/// The flow simulator finds where uplinks are shared: a scenario for it charges no oversubscription beforehand. Others
/// are returned as they are.
Scenario without_shared_uplinks(Scenario scenario);

/// The communication of a whole training step through the fabric: what `socle train --network flow` answers.
FabricAnswer simulate_step(const catalog::Catalog& catalog, const Scenario& scenario, const FabricRequest& request);

}  // namespace socle::api
