#include <utility>

#include "socle/api/serve.hpp"
#include "socle/report/serve/calibrate_report.hpp"
#include "socle/setup/train_setup.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::api {

ServeCalibrateAnswer serve_calibrate(const catalog::Catalog& catalog, const Request& request,
                                     const std::vector<BenchFile>& logs, Progress* progress) {
  const scenario::Scenario scenario =
      setup::read_scenario(request.scenario_text, request.scenario_name, request.flags, scenario::Question::kServeFit);
  const auto config = setup::config_text(scenario, request.read_file);
  std::vector<report::InputText> inputs = inputs_of(request, scenario, config);
  std::vector<workload::BenchPoint> points;
  Problems problems;
  for (const BenchFile& log : logs) {
    inputs.push_back({log.name, report::content_hash(log.text)});
    try {
      const std::vector<workload::BenchPoint> read = workload::read_bench_log(log.text, log.name);
      points.insert(points.end(), read.begin(), read.end());
    } catch (const InputError& error) { problems.add(error.problems()); }
  }
  problems.throw_if_any();
  if (points.empty())
    throw InputError(Problem{{}, 0, 0, {}, "name the results of a load generator: socle serve calibrate LOG..."});
  add_own_catalog(catalog, inputs);
  const machine::MachineBuilder machines(catalog);
  return {answer::serve_calibrate(machines, setup::set_up_serve(catalog, scenario, config), points, progress),
          std::move(inputs)};
}

std::string text(const ServeCalibrateAnswer& answer) { return report::serve_calibrate_text(answer.result); }
std::string json(const ServeCalibrateAnswer& answer) {
  return report::serve_calibrate_json(answer.result, answer.inputs).dump() + "\n";
}

}  // namespace socle::api
