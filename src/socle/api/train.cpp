#include "socle/api/train.hpp"

#include <utility>

#include <fmt/format.h>

#include "socle/report/train/timeline.hpp"
#include "socle/report/train/train_report.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::api {

TrainAnswer train(const catalog::Catalog& catalog, const Request& request, const answer::TrainOptions& options,
                  Progress* progress) {
  return train(
      catalog, request,
      setup::read_scenario(request.scenario_text, request.scenario_name, request.flags, scenario::Question::kTrain),
      options, progress);
}

TrainAnswer train(const catalog::Catalog& catalog, const Request& request, const scenario::Scenario& scenario,
                  const answer::TrainOptions& options, Progress* progress) {
  Progress unwatched;
  const auto config = setup::config_text(scenario, request.read_file);
  std::vector<report::InputText> inputs = inputs_of(request, scenario, config);
  setup::TrainSetup setup = setup::set_up_train(catalog, scenario, config, noting(request.read_file, inputs));
  add_own_catalog(catalog, inputs);
  return {answer::train(std::move(setup), options, progress ? *progress : unwatched), std::move(inputs)};
}

std::string text(const TrainAnswer& answer) {
  return answer.result ? report::train_text(*answer.result) : report::infeasible_text(answer.result.why());
}

std::string json(const TrainAnswer& answer) {
  return (answer.result ? report::train_json(*answer.result, answer.inputs)
                        : report::infeasible_json(answer.result.why(), answer.inputs))
             .dump() +
         "\n";
}

std::string timeline(const TrainAnswer& answer) { return report::timeline_trace(answer.result->run); }

bool holds(const TrainAnswer& answer) { return answer.result && answer.result->keeps_limits(); }

}  // namespace socle::api
