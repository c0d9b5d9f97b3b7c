#include "socle/api/scenario_file.hpp"

#include <utility>

#include "socle/report/check/check_report.hpp"
#include "socle/scenario/template.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::api {

std::vector<std::string> template_names() { return scenario::template_names(); }

std::string scenario_template(std::string_view name) { return scenario::scenario_template(name, setup::vocabulary()); }

CheckAnswer check_scenario(const catalog::Catalog& catalog, const Request& request) {
  // Only flags depend on the question, and there are none.
  const scenario::Scenario scenario =
      setup::read_scenario(request.scenario_text, request.scenario_name, {}, scenario::Question::kTrain);
  std::vector<report::InputText> inputs = inputs_of(request, scenario, std::nullopt);
  answer::CheckResult result = answer::check_scenario(catalog, scenario, noting(request.read_file, inputs));
  add_own_catalog(catalog, inputs);
  return {std::move(result), std::move(inputs)};
}

std::string text(const CheckAnswer& answer) { return report::check_text(answer.result); }
std::string json(const CheckAnswer& answer) { return report::check_json(answer.result, answer.inputs).dump() + "\n"; }

}  // namespace socle::api
