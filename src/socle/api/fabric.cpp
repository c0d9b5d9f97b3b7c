#include "socle/api/fabric.hpp"

#include <utility>

#include "socle/report/fabric/calibrate_report.hpp"
#include "socle/report/fabric/design_report.hpp"
#include "socle/report/fabric/simulate_report.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::api {
namespace {

TrainAnswer simulate_step(const catalog::Catalog& catalog, const Request& request, scenario::Scenario scenario,
                          const SimulateFiles& files, unsigned threads, Progress* progress) {
  if (files.flows || files.links || files.trace || files.picture || files.chart) {
    throw InputError(Problem{request.scenario_name, 0, 0, "traffic.kind",
                             "a training step has no one list of flows; leave --flows, --links, --trace, --svg and "
                             "--chart out, or simulate one of its collectives with ranks and stride"});
  }
  Request step = request;
  step.flags["--network"] = scenario.fabric.network = "flow";
  return train(catalog, step, scenario, {.threads = threads}, progress);
}

}  // namespace

DesignAnswer design_fabric(const catalog::Catalog& catalog, const Request& request,
                           const answer::DesignOptions& options, Progress* progress) {
  Progress unwatched;
  const scenario::Scenario scenario =
      setup::read_scenario(request.scenario_text, request.scenario_name, request.flags, scenario::Question::kDesign);
  const auto config = setup::config_text(scenario, request.read_file);
  setup::DesignSetup setup = setup::set_up_design(catalog, scenario, config);
  std::vector<report::InputText> inputs = inputs_of(request, scenario, config);
  add_own_catalog(catalog, inputs);
  return {answer::design_fabric(std::move(setup), options, progress ? *progress : unwatched), std::move(inputs)};
}

std::string text(const DesignAnswer& answer) { return report::design_text(answer.result); }
std::string json(const DesignAnswer& answer) { return report::design_json(answer.result, answer.inputs).dump() + "\n"; }

FabricAnswer simulate_fabric(const catalog::Catalog& catalog, const Request& request, const SimulateFiles& files,
                             const answer::SimulateOptions& options, Progress* progress) {
  Progress unwatched;
  const scenario::Scenario scenario =
      setup::read_scenario(request.scenario_text, request.scenario_name, request.flags, scenario::Question::kSimulate);
  if (scenario.traffic.step()) return simulate_step(catalog, request, scenario, files, options.threads, progress);
  std::vector<report::InputText> inputs = inputs_of(request, scenario, {});
  setup::SimulateSetup setup = setup::set_up_simulate(catalog, scenario, noting(request.read_file, inputs));
  if (files.chart && setup.sizes.empty()) {
    throw InputError(Problem{
        scenario.source, 0, 0, "traffic.sizes",
        "a chart needs several sizes; write sizes = [\"1 MB\", \"1 GB\"] in [traffic] or --sizes \"1 MB, 1 GB\""});
  }
  add_own_catalog(catalog, inputs);
  return SimulateAnswer{answer::simulate_fabric(std::move(setup), options, progress ? *progress : unwatched),
                        std::move(inputs)};
}

std::string text(const FabricAnswer& answer) {
  if (const auto* step = std::get_if<TrainAnswer>(&answer)) return text(*step);
  return report::simulate_text(std::get<SimulateAnswer>(answer).result);
}

std::string json(const FabricAnswer& answer) {
  if (const auto* step = std::get_if<TrainAnswer>(&answer)) return json(*step);
  const SimulateAnswer& exchange = std::get<SimulateAnswer>(answer);
  return report::simulate_json(exchange.result, exchange.inputs).dump() + "\n";
}

bool holds(const FabricAnswer& answer) {
  if (const auto* step = std::get_if<TrainAnswer>(&answer)) return holds(*step);
  return std::get<SimulateAnswer>(answer).result.complete();
}

std::string flows_csv(const SimulateAnswer& answer) { return report::flows_csv(answer.result); }
std::string links_csv(const SimulateAnswer& answer) { return report::links_csv(answer.result); }
std::string flows_trace(const SimulateAnswer& answer) { return report::flows_trace(answer.result); }
std::string network_svg(const SimulateAnswer& answer) { return report::network_svg(answer.result); }
std::string sizes_svg(const SimulateAnswer& answer) { return report::sizes_svg(answer.result); }

CalibrateAnswer calibrate_fabric(const catalog::Catalog& catalog, const answer::CalibrateQuestion& question) {
  CalibrateAnswer answer{answer::calibrate_fabric(catalog, question), {}};
  for (const answer::FabricLog& log : question.logs)
    answer.inputs.push_back({log.name, report::content_hash(log.text)});
  add_own_catalog(catalog, answer.inputs);
  return answer;
}

std::string text(const CalibrateAnswer& answer) { return report::calibrate_text(answer.result); }
std::string json(const CalibrateAnswer& answer) {
  return report::calibrate_json(answer.result, answer.inputs).dump() + "\n";
}

}  // namespace socle::api
