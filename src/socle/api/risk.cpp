#include "socle/api/risk.hpp"

#include <utility>

#include "socle/answer/train/train.hpp"
#include "socle/report/risk/risk_report.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::api {

RiskAnswer risk(const catalog::Catalog& catalog, const Request& request, const answer::RiskOptions& options,
                Progress* progress) {
  Progress unwatched;
  Progress& watched = progress ? *progress : unwatched;
  const scenario::Scenario scenario =
      setup::read_scenario(request.scenario_text, request.scenario_name, request.flags, scenario::Question::kRisk);
  const auto config = setup::config_text(scenario, request.read_file);
  std::vector<report::InputText> inputs = inputs_of(request, scenario, config);
  const setup::FileReader read_file = noting(request.read_file, inputs);
  setup::RiskSetup setup = setup::set_up_risk(catalog, scenario, read_file);
  const bool named = !scenario.model.name.empty() || !scenario.model.config.empty();
  if (!named) {
    answer::JobFacts facts = answer::stated_job(scenario.risk, scenario.source);
    add_own_catalog(catalog, inputs);
    return {answer::risk(std::move(setup), std::move(facts), scenario.source, options, &watched), std::move(inputs)};
  }
  setup::TrainSetup job = setup::set_up_train(catalog, scenario, config, read_file);
  add_own_catalog(catalog, inputs);
  const auto trained = answer::train(std::move(job), {.threads = options.threads}, watched);
  if (!trained) return {trained.why(), std::move(inputs)};
  answer::JobFacts facts = answer::job_facts(*trained, scenario.risk, scenario.source);
  auto result = answer::risk(std::move(setup), std::move(facts), scenario.source, options, &watched);
  return {std::move(result), std::move(inputs)};
}

std::string text(const RiskAnswer& answer) {
  return answer.result ? report::risk_text(*answer.result) : report::risk_refusal_text(answer.result.why());
}

std::string json(const RiskAnswer& answer) {
  return (answer.result ? report::risk_json(*answer.result, answer.inputs)
                        : report::risk_refusal_json(answer.result.why(), answer.inputs))
             .dump() +
         "\n";
}

bool holds(const RiskAnswer& answer) { return answer.result && answer.result->storage.suffices(); }

std::string risk_svg(const RiskAnswer& answer) { return report::risk_svg(*answer.result); }

}  // namespace socle::api
