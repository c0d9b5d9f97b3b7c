#include "socle/setup/flow_setup.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/setup/placement.hpp"
#include "socle/setup/refusal.hpp"

namespace socle::setup {

FlowSetup set_up_flow(const catalog::Catalog& catalog, const scenario::Scenario& scenario, const FileReader& read_file,
                      const machine::Machine& machine, int chips) {
  const machine::MachineSpec& spec = machine.spec();
  scenario::Scenario reached = scenario;
  if (!reached.fabric.efficiency) {
    reached.fabric.transport = {};  // in the machine's NICs already
    reached.fabric.efficiency = std::min(1.0, spec.nic_fraction / (spec.stack.network * spec.calibration.network));
  }
  FlowSetup flow{.fabric = set_up_fabric(catalog, reached, read_file), .routing = {}, .placement = {}, .others = {}};
  const std::uint32_t rails = flow.fabric.spec.rails, world = static_cast<std::uint32_t>(chips);
  if (world % rails != 0) {
    throw refusal(
        scenario, "fabric.nics",
        fmt::format(
            "{} chips are no whole number of hosts of {} NICs; write nics = N in [fabric] so that it divides them",
            world, rails));
  }
  flow.routing = routing_text(flow.fabric.routing, scenario.fabric.routing == kStaticRail);
  const std::uint32_t hosts = flow.fabric.spec.endpoints / rails,
                      seed = static_cast<std::uint32_t>(flow.fabric.routing.seed);
  const auto placed = [&](const std::string& kind) {
    return JobPlacement{kind, endpoints_of(place_jobs(scenario, kind, hosts, world / rails, seed), rails)};
  };
  const std::string& kind = scenario.fabric.placement;
  const bool compare = kind == "compare";
  flow.placement = placed(compare ? "packed" : kind);
  if (!compare) return flow;
  // Interleaved nodes of a job that fills more than half of the fabric stand as packed ones do.
  if (flow.fabric.topology->endpoints() >= 2 * world) flow.others.push_back(placed("interleaved"));
  flow.others.push_back(placed("scattered"));
  flow.others.push_back(placed("packed"));
  return flow;
}

comm::PlacedFabric placed_fabric(const FabricSetup& fabric, const JobPlacement& placement) {
  return {.topology = build_topology(fabric),
          .routing = fabric.routing,
          .failed = fabric.failed,
          .jobs = placement.jobs,
          .software_latency = fabric.software_latency,
          .nic = fabric.spec.link * fabric.efficiency};
}

}  // namespace socle::setup
