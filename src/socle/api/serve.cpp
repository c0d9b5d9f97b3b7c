#include "socle/api/serve.hpp"

#include <utility>

#include "socle/report/serve/fit_report.hpp"
#include "socle/setup/train_setup.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::api {

ServeFitAnswer serve_fit(const catalog::Catalog& catalog, const Request& request, const std::string& assume) {
  const scenario::Scenario scenario =
      setup::read_scenario(request.scenario_text, request.scenario_name, request.flags, scenario::Question::kServeFit);
  const auto config = setup::config_text(scenario, request.read_file);
  const std::vector<catalog::AssumedFact> assumed =
      assume.empty() ? std::vector<catalog::AssumedFact>() : catalog::parse_assumed_facts(assume);
  const catalog::Catalog known = assumed.empty() ? catalog : catalog.assuming(assumed);
  setup::ServeSetup setup = setup::set_up_serve(known, scenario, config);
  for (const catalog::AssumedFact& fact : assumed) {
    if (known.chip(fact.chip).slug != setup.chip.slug)
      throw InputError(
          Problem{{}, 0, 0, "assume", "--assume: the model is not served on " + fact.chip + "; leave it out"});
    setup.assumptions.push_back("Supposed: " + fact.text() + ".");
  }
  std::vector<report::InputText> inputs = inputs_of(request, scenario, config);
  add_own_catalog(known, inputs);
  return {answer::serve_fit(std::move(setup)), std::move(inputs)};
}

std::string text(const ServeFitAnswer& answer) { return report::serve_fit_text(answer.result); }
std::string json(const ServeFitAnswer& answer) {
  return report::serve_fit_json(answer.result, answer.inputs).dump() + "\n";
}
bool holds(const ServeFitAnswer& answer) { return answer.result.fits(); }

}  // namespace socle::api
