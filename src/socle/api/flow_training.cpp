#include "socle/api/flow_training.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "socle/api/placement.hpp"
#include "socle/api/train_api.hpp"

namespace socle::api {

FlowNetworks::FlowNetworks(const catalog::Catalog& catalog, const Scenario& scenario, const FileReader& read_file, TrainSetup& setup)
    : catalog_(catalog), scenario_(scenario), read_file_(read_file), closed_(setup.machine.spec(), setup.machine.kernels()) {
  const std::string& kind = scenario.network.placement.kind;
  current_ = place(kind == "compare" ? "packed" : kind, setup);
}

const comm::FlowNetwork* FlowNetworks::place(const std::string& placement, TrainSetup& setup) {
  // What calibration says about this chip's and this stack's network holds here as for the closed forms.
  const train::MachineSpec& spec = setup.machine.spec();
  Scenario scenario = scenario_;
  if (!scenario.network.fabric.efficiency) scenario.network.fabric.efficiency = std::min(1.0, spec.nic_fraction / (spec.stack.network * spec.calibration.network));
  FabricSetup fabric = set_up_fabric(catalog_, scenario, read_file_);
  const std::uint32_t rails = fabric.spec.rails, world = static_cast<std::uint32_t>(setup.cluster.chips);
  if (world % rails != 0) {
    throw InputError(Problem{scenario_.source, 0, 0, "fabric.nics", fmt::format("{} chips are no whole number of hosts of {} NICs; write nics = N in [fabric] so that it divides them", world, rails)});
  }
  const auto hosts = place_jobs(scenario_, placement, fabric.spec.endpoints / rails, world / rails, static_cast<std::uint32_t>(fabric.routing.seed));
  fabric_ = fabric.description;
  routing_ = routing_text(fabric.routing, scenario_.network.fabric.static_rail);
  assumptions_ = fabric.assumptions;
  comm::PlacedFabric placed{.topology = std::move(fabric.topology), .routing = fabric.routing, .failed = std::move(fabric.failed), .jobs = endpoints_of(hosts, rails),
                            .software_latency = fabric.software_latency, .nic = fabric.spec.link * fabric.efficiency};
  auto network = std::make_unique<const comm::FlowNetwork>(setup.machine.scale_up(), spec.scale_up_domain, std::move(placed));
  const comm::FlowNetwork* kept = network.get();
  setup.machine = std::move(setup.machine).with_network(std::move(network));
  return kept;
}

report::FlowReport FlowNetworks::report(const workload::Layout& layout, const train::StepResult& step, TrainSetup& setup) {
  report::FlowReport report{.fabric = fabric_, .routing = routing_, .uses = current_->uses(), .step = step.step_time, .closed_form_step = {}, .placements = {}, .assumptions = assumptions_};
  const auto closed = train::estimate_step(setup.model, setup.job, layout, closed_, train::Fidelity::kReplay);
  if (closed) report.closed_form_step = closed->step_time;
  if (scenario_.network.placement.kind == "compare") report.placements = compare(layout, setup);
  report.assumptions.push_back("All groups of an axis exchange at once; different axes are taken one at a time. --explain judges its swings by closed forms.");
  if (const double fitted = closed_.spec().stack.network * closed_.spec().calibration.network; fitted > 1.0) {
    report.assumptions.push_back(fmt::format("The stack's fitted network factor ({:.2f}) holds what published fabrics shared on average; what is simulated here comes on top, so contention may count twice (efficiency = 0.95 leaves the factor out).", fitted));
  }
  return report;
}

std::vector<report::PlacementRow> FlowNetworks::compare(const workload::Layout& layout, TrainSetup& setup) {
  std::vector<report::PlacementRow> rows;
  for (const char* placement : {"interleaved", "scattered", "packed"}) {
    current_ = place(placement, setup);
    const bool same_as_packed = std::string_view(placement) == "interleaved" && current_->topology().endpoints() < 2 * static_cast<std::uint32_t>(setup.cluster.chips);
    if (same_as_packed) continue;
    for (const bool stages_inside : {false, true}) {
      if (stages_inside && layout.pipeline_parallel == 1) continue;
      workload::Layout ordered = layout;
      ordered.placement = workload::Layout{}.placement;
      if (stages_inside) std::swap(ordered.placement[3], ordered.placement[4]);
      const auto step = train::estimate_step(setup.model, setup.job, ordered, setup.machine, train::Fidelity::kReplay);
      if (step) rows.push_back({placement, stages_inside ? "pipeline stages inside data-parallel copies" : "data-parallel copies inside pipeline stages", step->step_time});
    }
  }
  return rows;
}

Scenario without_shared_uplinks(Scenario scenario) {
  if (scenario.network.placement.flow_network && scenario.cluster) scenario.cluster->overrides.oversubscription = 1.0;
  return scenario;
}

FabricAnswer simulate_step(const catalog::Catalog& catalog, const Scenario& scenario, const FabricRequest& request) {
  if (request.flows || request.links || request.trace || request.picture || request.chart) {
    throw InputError(Problem{scenario.source, 0, 0, "traffic.kind", "a training step has no one list of flows; leave --flows, --links, --trace, --svg and --chart out, or simulate one of its collectives with ranks and stride"});
  }
  TrainRequest step{.scenario_text = request.scenario_text, .scenario_name = request.scenario_name, .flags = request.flags, .json = request.json,
                    .explain = false, .timeline = false, .threads = request.threads, .read_file = request.read_file};
  step.flags["--network"] = "flow";
  const TrainAnswer answer = train(catalog, step);
  return {.complete = answer.feasible, .text = answer.text, .flows = {}, .links = {}, .trace = {}, .picture = {}, .chart = {}};
}

}  // namespace socle::api
