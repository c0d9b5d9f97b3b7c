#include "socle/api/scenario_file.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "socle/base/json.hpp"
#include "socle/base/text_table.hpp"
#include "socle/model/transformer.hpp"
#include "socle/scenario/template.hpp"
#include "socle/setup/design_setup.hpp"
#include "socle/setup/plan_setup.hpp"
#include "socle/setup/simulate_setup.hpp"
#include "socle/setup/train_setup.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::api {
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
void resolve(const catalog::Catalog& catalog, const Request& request, Question question, const Scenario& scenario,
             std::vector<std::string>& understood) {
  const auto config = setup::config_text(scenario, request.read_file);
  switch (question) {
    case Question::kTrain: {
      const setup::TrainSetup setup = setup::set_up_train(catalog, scenario, config, request.read_file);
      understood.push_back(of_model(setup.model));
      understood.push_back(
          fmt::format("{}: {} chips, stack {}", setup.cluster.name, setup.cluster.chips, setup.machine.stack().name));
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
    case Question::kSimulate:
      break;
  }
  // A whole step is set up as training is.
  if (scenario.traffic.step()) return;
  const setup::SimulateSetup setup = setup::set_up_simulate(catalog, scenario, request.read_file);
  understood.push_back(setup.fabric.description);
  understood.push_back(setup.exchange.text);
}

void add_new(const std::vector<Problem>& from, Problems& to) {
  for (const Problem& problem : from) {
    const auto told = [&](const Problem& other) { return render(other) == render(problem); };
    if (std::none_of(to.list().begin(), to.list().end(), told)) to.add(problem);
  }
}

}  // namespace

std::vector<std::string> template_names() { return scenario::template_names(); }

std::string scenario_template(std::string_view name) { return scenario::scenario_template(name, setup::vocabulary()); }

CheckResult check_scenario(const catalog::Catalog& catalog, const Request& request) {
  CheckResult result{.scenario = request.scenario_name, .understood = {}, .questions = {}};
  Problems problems;
  for (const Question question :
       {Question::kTrain, Question::kPlan, Question::kCompare, Question::kDesign, Question::kSimulate}) {
    const Scenario scenario = setup::read_scenario(request.scenario_text, request.scenario_name, {}, question);
    result.questions.push_back({scenario::command_of(question), missing_for(question, scenario)});
    if (!result.questions.back().missing.empty()) continue;
    try {
      resolve(catalog, request, question, scenario, result.understood);
    } catch (const InputError& error) {
      // One section may serve another question: what a network lacks is no fault of a training job.
      const bool of_network = question == Question::kDesign || question == Question::kSimulate;
      const bool is_meant = !of_network || scenario.fabric.hosts || !scenario.fabric.file.empty();
      if (is_meant)
        add_new(error.problems(), problems);
      else
        result.questions.back().missing = error.problems().front().message;
    }
  }
  problems.throw_if_any();
  if (std::all_of(result.questions.begin(), result.questions.end(), [](const auto& q) { return !q.missing.empty(); })) {
    throw InputError(
        Problem{request.scenario_name,
                0,
                0,
                {},
                "says enough for no question; socle init train, plan or fabric writes a scenario that runs"});
  }
  return result;
}

std::string text(const CheckResult& result) {
  std::string text = result.scenario + ": no problem found\n";
  for (const std::string& sentence : result.understood) text += wrap_text(sentence, 100, 2);
  std::string ready;
  for (const CheckedQuestion& question : result.questions) {
    if (question.missing.empty()) ready += (ready.empty() ? "" : ", ") + std::string("socle ") + question.command;
  }
  text += wrap_text("It can be asked: " + ready + ".", 100, 0);
  for (const CheckedQuestion& question : result.questions) {
    if (!question.missing.empty())
      text += wrap_text("For socle " + question.command + " it lacks: " + question.missing + ".", 100, 0);
  }
  return text;
}

std::string json(const CheckResult& result) {
  Json understood = Json::array(), questions = Json::array();
  for (const std::string& sentence : result.understood) understood.push(sentence);
  for (const CheckedQuestion& question : result.questions) {
    questions.push(Json::object({{"command", question.command},
                                 {"ready", question.missing.empty()},
                                 {"missing", question.missing.empty() ? Json() : Json(question.missing)}}));
  }
  return Json::object({{"schema", "socle.check/1"},
                       {"scenario", result.scenario},
                       {"understood", std::move(understood)},
                       {"questions", std::move(questions)}})
             .dump() +
         "\n";
}

}  // namespace socle::api
