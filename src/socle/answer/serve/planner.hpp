#pragma once

#include <vector>

#include "socle/answer/serve/plan_work.hpp"

namespace socle::answer {

inline constexpr std::int64_t kRequestsOfASearch = 2000;  ///< played at each load while capacities are searched

/// Fits, bounds and measures configurations. Several threads may use one.
class Planner {
 public:
  /// Machines and kernels of a candidate's chip.
  struct Ground {
    const setup::ServeSimulationSetup& setup;
    machine::Machine machine;
    const kernel::ServingKernels& kernels;
  };

  /// Requires: `result` and `progress` outlive this object.
  Planner(const machine::MachineBuilder& machines, const ServePlanResult& result, Progress* progress);

  const Ground& ground(const PlanWork& work) const { return grounds_[work.entry.candidate]; }
  serve::StepCosts costs(const PlanWork& work) const;
  /// The candidate's setup with the configuration in it.
  setup::ServeSimulationSetup setup_of(const PlanWork& work) const;
  Progress* progress() const { return progress_; }

  /// Fits the model and bounds the throughput of a replica that does so much.
  void prepare(PlanWork& work, PlanSide side) const;
  /// Finds what a replica carries. Returns the runs that it took.
  int measure(PlanWork& work) const;
  /// The whole traffic on all replicas behind the router; one more while the objectives do not hold there, because
  /// bursts fall unevenly, up to half as many again.
  ServeFigures proven(PlanWork& work, int& runs) const;
  /// The mix under the whole traffic. Requires: the works of its parts are deployed.
  ServeFigures mixed(const std::vector<PlanWork>& works, const PlanMix& mix) const;

 private:
  const ServePlanResult& result_;
  Progress* progress_;
  std::vector<Ground> grounds_;
};

}  // namespace socle::answer
