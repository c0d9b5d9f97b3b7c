#include "socle/api/plan.hpp"

#include <utility>

#include "socle/report/plan/plan_report.hpp"
#include "socle/setup/train_setup.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::api {

PlanAnswer plan(const catalog::Catalog& catalog, const Request& request, const answer::PlanOptions& options,
                Progress* progress) {
  Progress unwatched;
  const scenario::Scenario scenario =
      setup::read_scenario(request.scenario_text, request.scenario_name, request.flags, scenario::Question::kPlan);
  const auto config = setup::config_text(scenario, request.read_file);
  setup::PlanSetup setup = setup::set_up_plan(catalog, scenario, config);
  std::vector<report::InputText> inputs = inputs_of(request, scenario, config);
  add_own_catalog(catalog, inputs);
  return {answer::plan(std::move(setup), options, progress ? *progress : unwatched), std::move(inputs)};
}

std::string text(const PlanAnswer& answer) { return report::plan_text(answer.result); }
std::string json(const PlanAnswer& answer) { return report::plan_json(answer.result, answer.inputs).dump() + "\n"; }

}  // namespace socle::api
