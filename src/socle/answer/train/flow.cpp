#include "socle/answer/train/flow.hpp"

#include <utility>

#include <fmt/format.h>

namespace socle::answer {

FlowRun::FlowRun(setup::TrainSetup& setup, Progress& progress)
    : setup_(setup),
      progress_(progress),
      closed_(setup.machine.spec(), setup.machine.kernels()),
      current_(place(setup.flow->placement)) {}

FlowRun::~FlowRun() { current_->watch(nullptr); }

comm::FlowNetwork* FlowRun::place(const setup::JobPlacement& placement) {
  auto network = std::make_unique<comm::FlowNetwork>(setup_.machine.scale_up(), setup_.machine.spec().scale_up_domain,
                                                     setup::placed_fabric(setup_.flow->fabric, placement));
  network->watch(&progress_);
  comm::FlowNetwork* kept = network.get();
  setup_.machine = std::move(setup_.machine).with_network(std::move(network));
  return kept;
}

FlowOutcome FlowRun::outcome(const workload::Layout& layout, const train::StepResult& step) {
  const setup::FlowSetup& flow = *setup_.flow;
  FlowOutcome outcome{.fabric = flow.fabric.description,
                      .routing = flow.routing,
                      .uses = current_->uses(),
                      .step = step.step_time,
                      .closed_form_step = {},
                      .placements = {},
                      .assumptions = flow.fabric.assumptions};
  const auto closed = train::estimate_step(setup_.model, setup_.job, layout, closed_, train::Fidelity::kReplay);
  if (closed) outcome.closed_form_step = closed->step_time;
  outcome.placements = compare(layout);
  outcome.assumptions.push_back(
      "All groups of an axis exchange at once; different axes are taken one at a time. --explain judges its swings by "
      "closed forms.");
  if (const double fitted = closed_.spec().stack.network * closed_.spec().calibration.network; fitted > 1.0) {
    outcome.assumptions.push_back(fmt::format(
        "The stack's fitted network factor ({:.2f}) holds what published fabrics shared on average; what is simulated "
        "here comes on top, so contention may count twice (efficiency = 0.95 leaves the factor out).",
        fitted));
  }
  return outcome;
}

std::vector<PlacedStep> FlowRun::compare(const workload::Layout& layout) {
  std::vector<PlacedStep> rows;
  for (const setup::JobPlacement& placement : setup_.flow->others) {
    current_ = place(placement);
    for (const bool stages_inside : {false, true}) {
      if (stages_inside && layout.pipeline_parallel == 1) continue;
      progress_.check();
      workload::Layout ordered = layout;
      ordered.placement = workload::Layout{}.placement;
      if (stages_inside) std::swap(ordered.placement[3], ordered.placement[4]);
      const auto step =
          train::estimate_step(setup_.model, setup_.job, ordered, setup_.machine, train::Fidelity::kReplay);
      if (!step) continue;
      rows.push_back({placement.name,
                      stages_inside ? "pipeline stages inside data-parallel copies"
                                    : "data-parallel copies inside pipeline stages",
                      step->step_time});
    }
  }
  return rows;
}

}  // namespace socle::answer
