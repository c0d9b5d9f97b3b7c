#pragma once

#include "socle/answer/train/train_result.hpp"
#include "socle/base/progress.hpp"
#include "socle/setup/train_setup.hpp"

namespace socle::answer {

/// Training on the flow simulator: puts the setup's fabric under the job's machine, and tells afterwards what was
/// found.
class FlowRun {
 public:
  /// Gives `setup.machine` the flow network; what the closed forms would answer is kept for comparison.
  /// Requires: `setup.flow` is set; `setup` and `progress` outlive this object, and the machine's network outlives it
  /// too.
  FlowRun(setup::TrainSetup& setup, Progress& progress);
  ~FlowRun();
  FlowRun(const FlowRun&) = delete;
  FlowRun& operator=(const FlowRun&) = delete;

  /// What the step of this layout used; the other placements and orders of axes too, where the setup has them. The
  /// machine of `setup` leaves with the network of the last placement.
  FlowOutcome outcome(const workload::Layout& layout, const train::StepResult& step);

 private:
  comm::FlowNetwork* place(const setup::JobPlacement& placement);
  std::vector<PlacedStep> compare(const workload::Layout& layout);

  setup::TrainSetup& setup_;
  Progress& progress_;
  machine::Machine closed_;               ///< the same machine on closed forms
  comm::FlowNetwork* current_ = nullptr;  ///< owned by the machine
};

}  // namespace socle::answer
