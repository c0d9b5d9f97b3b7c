#include "socle/answer/check/check.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/model/transformer.hpp"
#include "socle/setup/cost_setup.hpp"
#include "socle/setup/design_setup.hpp"
#include "socle/setup/plan_setup.hpp"
#include "socle/setup/risk_setup.hpp"
#include "socle/setup/serve_setup.hpp"
#include "socle/setup/simulate_setup.hpp"

namespace socle::answer {
namespace {

using scenario::Question;
using scenario::Scenario;

/// What a question needs the scenario to say before names are worth a look; empty = it is all there.
std::string missing_for(Question question, const Scenario& scenario) {
  const bool model = !scenario.model.name.empty() || !scenario.model.config.empty();
  const bool network = scenario.fabric.hosts || (scenario.cluster && !scenario.cluster->node.empty());
  switch (question) {
    case Question::kTrain:
      return !model ? "[model]" : !scenario.cluster ? "[cluster]" : "";
    case Question::kPlan:
      if (!model) return "[model]";
      if (scenario.candidates.empty() && !scenario.cluster) return "[[candidate]]";
      return scenario.training.tokens ? "" : "tokens in [training]";
    case Question::kCompare:
      return model ? "" : "[model]";
    case Question::kDesign:
      return network || scenario.cluster ? "" : "hosts in [fabric], or [cluster]";
    case Question::kRisk:
      if (!scenario.cluster) return "[cluster]";
      return model || scenario.risk.run ? "" : "[model], or run in [risk]";
    case Question::kServeFit:
    case Question::kServe:
    case Question::kServeEmit:
      return !model ? "[model]" : !scenario.cluster ? "[cluster]" : "";
    case Question::kCost:
      return scenario.cluster ? "" : "[cluster]";
    case Question::kSimulate:
      break;
  }
  return network || !scenario.fabric.file.empty() ? "" : "hosts or file in [fabric], or nodes in [cluster]";
}

std::string of_model(const model::Transformer& model) {
  const model::ParameterCount counts = model::count_parameters(model);
  return fmt::format("{}: {} parameters, {} active, {} layers", model.name, format_count(counts.total),
                     format_count(counts.active), model.layers());
}

/// Looks up what a question would, and adds what was understood.
void resolve(const catalog::Catalog& catalog, const setup::FileReader& read_file, Question question,
             const Scenario& scenario, std::vector<std::string>& understood) {
  const auto config = setup::config_text(scenario, read_file);
  switch (question) {
    case Question::kTrain: {
      const setup::TrainSetup setup = setup::set_up_train(catalog, scenario, config, read_file);
      understood.push_back(of_model(setup.model));
      understood.push_back(
          fmt::format("{}: {} chips, {}", setup.cluster.name, setup.cluster.chips,
                      setup.plausible.empty()
                          ? fmt::format("stack {}", setup.machine.stack().name)
                          : fmt::format("no stack is stated: the middle of {} plausible", setup.plausible.size())));
      return;
    }
    case Question::kPlan: {
      const setup::PlanSetup setup = setup::set_up_plan(catalog, scenario, config);
      if (!scenario.cluster) understood.push_back(of_model(setup.model));
      for (const search::Offer& offer : setup.offers) understood.push_back("candidate: " + offer.name);
      return;
    }
    case Question::kCompare:
      return;  // its chips are on the command line
    case Question::kDesign:
      setup::set_up_design(catalog, scenario, config);
      return;
    case Question::kServeFit: {
      const setup::ServeSetup setup = setup::set_up_serve(catalog, scenario, config);
      if (scenario.serving.in_file)
        understood.push_back(fmt::format("serving: {} on {}", setup.engine.name, setup.chip.name));
      return;
    }
    case Question::kRisk: {
      const setup::RiskSetup setup = setup::set_up_risk(catalog, scenario, read_file);
      if (setup.fleet) understood.push_back(fmt::format("failures as of {}", setup.fleet->name));
      return;
    }
    case Question::kServe:
    case Question::kServeEmit:
      setup::set_up_serve(catalog, scenario, config);
      return;
    case Question::kCost:
      setup::set_up_cost(catalog, scenario, {});
      return;
    case Question::kSimulate:
      break;
  }
  // A whole step is set up as training is.
  if (scenario.traffic.step()) return;
  const setup::SimulateSetup setup = setup::set_up_simulate(catalog, scenario, read_file);
  understood.push_back(setup.fabric.description);
  understood.push_back(setup.exchange.text);
}

}  // namespace

CheckResult check_scenario(const catalog::Catalog& catalog, const Scenario& scenario,
                           const setup::FileReader& read_file) {
  CheckResult result{.scenario = scenario.source, .understood = {}, .questions = {}};
  Problems problems;
  for (const Question question : scenario::kAllQuestions) {
    if (question == Question::kServeEmit) continue;  // asks what serve fit asks, of an engine that its command names
    result.questions.push_back({scenario::command_of(question), missing_for(question, scenario)});
    std::string& missing = result.questions.back().missing;
    if (!missing.empty()) continue;
    try {
      resolve(catalog, read_file, question, scenario, result.understood);
    } catch (const InputError& error) {
      // One section may serve another question: what a network lacks is no fault of a training job.
      const bool of_network = question == Question::kDesign || question == Question::kSimulate;
      const bool of_serving = question == Question::kServeFit || question == Question::kServe;
      const bool of_cost = question == Question::kCost;
      const bool is_meant = of_cost      ? scenario.cost.in_file
                            : of_serving ? scenario.serving.in_file || scenario.requests.in_file
                                         : !of_network || scenario.fabric.hosts || !scenario.fabric.file.empty();
      if (is_meant)
        problems.add_new(error.problems());
      else
        missing = error.problems().front().message;
    }
  }
  problems.throw_if_any();
  if (std::all_of(result.questions.begin(), result.questions.end(), [](const auto& q) { return !q.missing.empty(); })) {
    throw InputError(
        Problem{scenario.source,
                0,
                0,
                {},
                "says enough for no question; socle init train, plan, risk or fabric writes a scenario that runs"});
  }
  return result;
}

}  // namespace socle::answer
