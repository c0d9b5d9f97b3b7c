#include "socle/api/serve.hpp"

#include <utility>

#include "socle/report/serve/fit_report.hpp"
#include "socle/report/serve/simulate_report.hpp"
#include "socle/setup/train_setup.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::api {

namespace {

/// The catalogue with what is supposed, and the sentences that say so.
struct Supposed {
  catalog::Catalog catalog;
  std::vector<catalog::AssumedFact> facts;

  void note(setup::ServeSetup& setup) const {
    for (const catalog::AssumedFact& fact : facts) {
      if (catalog.chip(fact.chip).slug != setup.chip.slug)
        throw InputError(
            Problem{{}, 0, 0, "assume", "--assume: the model is not served on " + fact.chip + "; leave it out"});
      setup.assumptions.push_back("Supposed: " + fact.text() + ".");
    }
  }
};

Supposed suppose(const catalog::Catalog& catalog, const std::string& assume) {
  if (assume.empty()) return {catalog, {}};
  std::vector<catalog::AssumedFact> facts = catalog::parse_assumed_facts(assume);
  catalog::Catalog known = catalog.assuming(facts);
  return {std::move(known), std::move(facts)};
}

}  // namespace

ServeFitAnswer serve_fit(const catalog::Catalog& catalog, const Request& request, const std::string& assume) {
  const scenario::Scenario scenario =
      setup::read_scenario(request.scenario_text, request.scenario_name, request.flags, scenario::Question::kServeFit);
  const auto config = setup::config_text(scenario, request.read_file);
  const Supposed supposed = suppose(catalog, assume);
  setup::ServeSetup setup = setup::set_up_serve(supposed.catalog, scenario, config);
  supposed.note(setup);
  std::vector<report::InputText> inputs = inputs_of(request, scenario, config);
  add_own_catalog(supposed.catalog, inputs);
  return {answer::serve_fit(std::move(setup)), std::move(inputs)};
}

setup::ServeSimulationSetup serve_setup(const catalog::Catalog& catalog, const Request& request,
                                        const std::string& assume, std::vector<report::InputText>& inputs) {
  const scenario::Scenario scenario =
      setup::read_scenario(request.scenario_text, request.scenario_name, request.flags, scenario::Question::kServe);
  const auto config = setup::config_text(scenario, request.read_file);
  const Supposed supposed = suppose(catalog, assume);
  inputs = inputs_of(request, scenario, config);
  const setup::FileReader read_file = noting(request.read_file, inputs);
  setup::ServeSimulationSetup setup =
      setup::set_up_serve_simulation(supposed.catalog, scenario, config, read_file, request.open_file);
  supposed.note(setup.serve);
  if (!scenario.requests.trace.empty()) {
    const std::string& path = scenario.requests.trace.text;
    inputs.push_back({path, report::content_hash(*request.open_file(path))});
  }
  add_own_catalog(supposed.catalog, inputs);
  return setup;
}

ServeAnswer serve(const catalog::Catalog& catalog, const Request& request, const answer::ServeOptions& options,
                  const std::string& assume, Progress* progress) {
  std::vector<report::InputText> inputs;
  setup::ServeSimulationSetup setup = serve_setup(catalog, request, assume, inputs);
  const machine::MachineBuilder machines(catalog);
  return {answer::serve_simulate(machines, std::move(setup), options, progress), std::move(inputs)};
}

std::string text(const ServeAnswer& answer) { return report::serve_text(answer.result); }
std::string json(const ServeAnswer& answer) { return report::serve_json(answer.result, answer.inputs).dump() + "\n"; }
bool holds(const ServeAnswer& answer) { return answer.result.fits; }
std::string load_svg(const ServeAnswer& answer) { return report::load_svg(answer.result); }
std::string time_svg(const ServeAnswer& answer) { return report::time_svg(answer.result); }
std::string requests_csv(const ServeAnswer& answer) { return report::requests_csv(answer.result); }

std::string text(const ServeFitAnswer& answer) { return report::serve_fit_text(answer.result); }
std::string json(const ServeFitAnswer& answer) {
  return report::serve_fit_json(answer.result, answer.inputs).dump() + "\n";
}
bool holds(const ServeFitAnswer& answer) { return answer.result.fits(); }

}  // namespace socle::api
