#include "socle/answer/serve/planner.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/answer/serve/fit.hpp"
#include "socle/answer/serve/mixed_fleet.hpp"

namespace socle::answer {

Planner::Planner(const machine::MachineBuilder& machines, const ServePlanResult& result, Progress* progress)
    : result_(result), progress_(progress) {
  for (const setup::ServeSimulationSetup& setup : result.candidates) {
    const std::string& chip = setup.serve.chip.slug;
    grounds_.push_back({setup,
                        machines.build({.chip = chip, .chips_per_node = setup.serve.chips_per_node, .nic_per_chip = {}},
                                       catalog::Stack{}),
                        machines.serving_kernels(chip)});
  }
}

serve::StepCosts Planner::costs(const PlanWork& work) const {
  return {work.deployment->served, ground(work).machine, ground(work).kernels};
}

setup::ServeSimulationSetup Planner::setup_of(const PlanWork& work) const {
  setup::ServeSimulationSetup setup = ground(work).setup;
  setup.serve = work.serve;
  return setup;
}

void Planner::prepare(PlanWork& work, PlanSide side) const {
  PlanEntry& entry = work.entry;
  const FitRow row = fit_row(work.serve, entry.layout);
  if (!row.fits || !row.memory || row.memory->blocks <= 0) {
    entry.why =
        !row.problem.empty() ? row.problem : fmt::format("lacks {:.1f} GiB a chip", row.missing.value() / 1073741824.0);
    return;
  }
  const setup::ServeSimulationSetup setup = setup_of(work);
  work.deployment = side == PlanSide::kPrefill ? setup::deploy_prefill(setup, entry.layout, *row.memory)
                                               : setup::deploy(setup, entry.layout, *row.memory);
  const serve::StepCosts step_costs = costs(work);
  serve::StepModel timer(step_costs, work.deployment->timing);
  entry.bound = throughput_bound(timer, ground(work).setup, work, side);
  size_entry(entry, ground(work).setup, result_.options, entry.bound);
  entry.why = broken_alone(timer, ground(work).setup, work, result_.objectives, side);
  entry.verdict = entry.why.empty() ? PlanVerdict::kBound : PlanVerdict::kTooSlow;
}

int Planner::measure(PlanWork& work) const {
  const setup::ServeSimulationSetup& setup = ground(work).setup;
  PlanEntry& entry = work.entry;
  const serve::StepCosts step_costs = costs(work);
  ServeBench bench(setup, *work.deployment, step_costs, result_.objectives);
  const double rate = setup.requests.offered_rate;
  const double start = std::min(entry.bound, rate) / rate / 2;
  const auto capacity = bench.capacity(start, {.requests = kRequestsOfASearch}, progress_);
  entry.capacity = std::min(entry.bound, capacity.value_or(start * 1024) * rate);
  entry.verdict = entry.capacity > 0 ? PlanVerdict::kHolds : PlanVerdict::kNever;
  if (entry.capacity > 0) size_entry(entry, setup, result_.options, entry.capacity);
  return bench.runs();
}

ServeFigures Planner::proven(PlanWork& work, int& runs) const {
  const setup::ServeSimulationSetup& setup = ground(work).setup;
  PlanEntry& entry = work.entry;
  const serve::StepCosts step_costs = costs(work);
  ServeBench bench(setup, *work.deployment, step_costs, result_.objectives);
  const int spare = result_.options.spare_replicas, most = (entry.replicas - spare) * 3 / 2 + 1;
  while (true) {
    ServeFigures figures = bench.run({.replicas = entry.replicas - spare}, progress_);
    ++runs;
    if (result_.objectives.hold(figures) || entry.replicas - spare >= most) return figures;
    ++entry.replicas;
    entry.chips = entry.replicas * entry.layout.chips();
    entry.cost = plan_cost(setup, result_.options, entry.chips);
  }
}

ServeFigures Planner::mixed(const std::vector<PlanWork>& works, const PlanMix& mix) const {
  std::vector<MixedReplicas> kinds;
  for (const PlanMix::Part& part : mix.parts) {
    const PlanWork& work = works[part.entry];
    kinds.push_back({.deployment = &*work.deployment,
                     .costs = costs(work),
                     .replicas = part.replicas - result_.options.spare_replicas,
                     .weight = work.entry.capacity / works[mix.parts.front().entry].entry.capacity});
  }
  return run_mixed(grounds_.front().setup.requests, kinds, result_.objectives, progress_);
}

}  // namespace socle::answer
