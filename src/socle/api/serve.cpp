#include "socle/api/serve.hpp"

#include <utility>

#include "socle/catalog/engine.hpp"
#include "socle/report/serve/emit_report.hpp"
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

/// A scenario with what a launch command says laid between the file and the flags.
struct Asked {
  scenario::Scenario scenario;
  std::optional<setup::LaunchReading> launch;
};

/// Throws InputError for an engine that the launch command does not start.
void check_engine(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                  const setup::LaunchReading& launch) {
  if (scenario.serving.engine.empty()) return;
  const catalog::Engine engine = catalog::resolve_engine(catalog, scenario.serving.engine.text);
  const std::vector<catalog::LaunchTable> tables = catalog::load_launch_tables(catalog);
  const catalog::LaunchTable* table = catalog::launch_table(tables, engine.family);
  if (table == nullptr || table->family == launch.family) return;  // an engine of the user's own may be started by it
  throw InputError(Problem{{},
                           0,
                           0,
                           "engine",
                           "the engine is " + engine.slug + ", and the launch command is one of " + launch.name +
                               "; name an engine of " + launch.family + ", or leave it out"});
}

Asked read_asked(const catalog::Catalog& catalog, const Request& request, scenario::Question question) {
  Asked asked;
  scenario::Flags flags = request.flags;
  if (!request.launch_name.empty()) {
    asked.launch = setup::read_launch(
        catalog, request.launch_text,
        {.source = request.launch_name, .question = question, .given = request.flags, .read_file = request.read_file});
    flags = setup::with_launch(std::move(flags), *asked.launch);
  }
  asked.scenario = setup::read_scenario(request.scenario_text, request.scenario_name, flags, question);
  if (asked.launch) check_engine(catalog, asked.scenario, *asked.launch);
  return asked;
}

/// Doubts of a launch command, before those of the catalogue.
void note_launch(const std::optional<setup::LaunchReading>& launch, setup::ServeSetup& setup) {
  if (launch) setup.doubts.insert(setup.doubts.begin(), launch->doubts.begin(), launch->doubts.end());
}

std::vector<report::InputText> inputs_with_launch(const Request& request, const scenario::Scenario& scenario,
                                                  const std::optional<std::string>& config) {
  std::vector<report::InputText> inputs = inputs_of(request, scenario, config);
  if (!request.launch_name.empty()) inputs.push_back({request.launch_name, report::content_hash(request.launch_text)});
  return inputs;
}

std::string launch_text(const std::optional<setup::LaunchReading>& launch) {
  return launch ? report::launch_reading_text(*launch) : std::string();
}

}  // namespace

ServeFitAnswer serve_fit(const catalog::Catalog& catalog, const Request& request, const std::string& assume) {
  Asked asked = read_asked(catalog, request, scenario::Question::kServeFit);
  const auto config = setup::config_text(asked.scenario, request.read_file);
  const Supposed supposed = suppose(catalog, assume);
  setup::ServeSetup setup = setup::set_up_serve(supposed.catalog, asked.scenario, config);
  supposed.note(setup);
  note_launch(asked.launch, setup);
  std::vector<report::InputText> inputs = inputs_with_launch(request, asked.scenario, config);
  add_own_catalog(supposed.catalog, inputs);
  return {answer::serve_fit(std::move(setup)), std::move(inputs), std::move(asked.launch)};
}

ServeEmitAnswer serve_emit(const catalog::Catalog& catalog, const Request& request, const std::string& target,
                           const std::string& assume) {
  Asked asked = read_asked(catalog, request, scenario::Question::kServeEmit);
  const auto config = setup::config_text(asked.scenario, request.read_file);
  const Supposed supposed = suppose(catalog, assume);
  setup::EmitSetup setup = setup::set_up_emit(supposed.catalog, asked.scenario, config, target,
                                              asked.launch ? asked.launch->model : std::string());
  supposed.note(setup.serve);
  note_launch(asked.launch, setup.serve);
  std::vector<report::InputText> inputs = inputs_with_launch(request, asked.scenario, config);
  add_own_catalog(supposed.catalog, inputs);
  return {answer::serve_emit(std::move(setup)), std::move(inputs), std::move(asked.launch)};
}

namespace {

/// A setup that is made from a scenario by `set_up`, with what it was made from.
template <typename Setup>
Setup simulation_setup(const catalog::Catalog& catalog, const Request& request, const Asked& asked,
                       const std::string& assume, std::vector<report::InputText>& inputs,
                       Setup (*set_up)(const catalog::Catalog&, const scenario::Scenario&,
                                       const std::optional<std::string>&, const setup::FileReader&,
                                       const setup::FileOpener&),
                       setup::ServeSetup& (*serve_of)(Setup&)) {
  const scenario::Scenario& scenario = asked.scenario;
  const auto config = setup::config_text(scenario, request.read_file);
  const Supposed supposed = suppose(catalog, assume);
  inputs = inputs_with_launch(request, scenario, config);
  const setup::FileReader read_file = noting(request.read_file, inputs);
  Setup setup = set_up(supposed.catalog, scenario, config, read_file, request.open_file);
  supposed.note(serve_of(setup));
  note_launch(asked.launch, serve_of(setup));
  if (!scenario.requests.trace.empty()) {
    const std::string& path = scenario.requests.trace.text;
    inputs.push_back({path, report::content_hash(*request.open_file(path))});
  }
  add_own_catalog(supposed.catalog, inputs);
  return setup;
}

setup::ServeSimulationSetup simulation_setup(const catalog::Catalog& catalog, const Request& request,
                                             const Asked& asked, const std::string& assume,
                                             std::vector<report::InputText>& inputs) {
  return simulation_setup<setup::ServeSimulationSetup>(
      catalog, request, asked, assume, inputs, setup::set_up_serve_simulation,
      [](setup::ServeSimulationSetup& setup) -> setup::ServeSetup& { return setup.serve; });
}

}  // namespace

setup::ServeSimulationSetup serve_setup(const catalog::Catalog& catalog, const Request& request,
                                        const std::string& assume, std::vector<report::InputText>& inputs) {
  return simulation_setup(catalog, request, read_asked(catalog, request, scenario::Question::kServe), assume, inputs);
}

setup::ServeDaySetup serve_day_setup(const catalog::Catalog& catalog, const Request& request, const std::string& assume,
                                     std::vector<report::InputText>& inputs) {
  return simulation_setup<setup::ServeDaySetup>(
      catalog, request, read_asked(catalog, request, scenario::Question::kServe), assume, inputs,
      setup::set_up_serve_day, [](setup::ServeDaySetup& setup) -> setup::ServeSetup& { return setup.serving.serve; });
}

ServeAnswer serve(const catalog::Catalog& catalog, const Request& request, const answer::ServeOptions& options,
                  const std::string& assume, Progress* progress) {
  Asked asked = read_asked(catalog, request, scenario::Question::kServe);
  std::vector<report::InputText> inputs;
  setup::ServeSimulationSetup setup = simulation_setup(catalog, request, asked, assume, inputs);
  const machine::MachineBuilder machines(catalog);
  return {answer::serve_simulate(machines, std::move(setup), options, progress), std::move(inputs),
          std::move(asked.launch)};
}

std::string text(const ServeAnswer& answer) { return launch_text(answer.launch) + report::serve_text(answer.result); }
std::string json(const ServeAnswer& answer) { return report::serve_json(answer.result, answer.inputs).dump() + "\n"; }
bool holds(const ServeAnswer& answer) { return answer.result.fits; }
std::string load_svg(const ServeAnswer& answer) { return report::load_svg(answer.result); }
std::string time_svg(const ServeAnswer& answer) { return report::time_svg(answer.result); }
std::string requests_csv(const ServeAnswer& answer) { return report::requests_csv(answer.result); }
std::string timeline(const ServeAnswer& answer) { return report::serve_timeline_trace(answer.result); }

std::string text(const ServeFitAnswer& answer) {
  return launch_text(answer.launch) + report::serve_fit_text(answer.result);
}
std::string json(const ServeFitAnswer& answer) {
  Json document = report::serve_fit_json(answer.result, answer.inputs);
  if (answer.launch) document.set("from", report::launch_reading_json(*answer.launch));
  return document.dump() + "\n";
}
bool holds(const ServeFitAnswer& answer) { return answer.result.fits(); }

std::string text(const ServeEmitAnswer& answer) { return report::serve_emit_text(answer.result); }
std::string json(const ServeEmitAnswer& answer) {
  return report::serve_emit_json(answer.result, answer.inputs).dump() + "\n";
}
bool holds(const ServeEmitAnswer& answer) { return answer.result.fits(); }

}  // namespace socle::api
