#include "socle/api/plan_api.hpp"

#include <fmt/format.h>

#include "socle/api/offers.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/report/plan_report.hpp"

namespace socle::api {

PlanAnswer plan(const catalog::Catalog& catalog, const PlanRequest& request) {
  const Scenario scenario = read_scenario(request.scenario_text, request.scenario_name, request.flags);
  std::vector<ScenarioCluster> candidates = scenario.candidates;
  if (candidates.empty() && scenario.cluster) candidates.push_back(*scenario.cluster);
  if (candidates.empty()) {
    throw InputError(Problem{scenario.source, 0, 0, "candidate", "there is no [[candidate]] to choose among; write one with node = \"...\", or give --cluster NODE:COUNT"});
  }
  if (!scenario.training.tokens) {
    throw InputError(Problem{scenario.source, 0, 0, "training.tokens", "the length of the run is not stated, so neither times nor money compare; write tokens = \"2T\" in [training], or give --tokens 2T"});
  }
  std::optional<std::string> config;
  if (!scenario.model.config.empty()) config = request.read_file(scenario.model.config.text);
  OfferSetup setup = set_up_offers(catalog, scenario, candidates, config);
  const auto& job = setup.job;
  report::PlanReport result{
      .title = fmt::format("{}, {}{}, sequence {}, global batch {}: {} candidate{}", setup.model.name,
                           job.total_tokens > Tokens{} ? format_tokens(job.total_tokens) + ", " : "", setup.precision, job.sequence_length, job.global_batch,
                           setup.offers.size(), setup.offers.size() == 1 ? "" : "s"),
      .plan = search::plan(setup.model, job, scenario.layout, setup.offers, setup.limits, request.threads),
      .assumptions = std::move(setup.assumptions), .doubts = std::move(setup.doubts)};
  std::vector<report::InputText> inputs;
  std::string flags;
  for (const auto& [name, value] : request.flags) flags += name + " " + value + "\n";
  if (!request.scenario_name.empty()) inputs.push_back({request.scenario_name, request.scenario_text});
  if (!flags.empty()) inputs.push_back({"flags", flags});
  if (config) inputs.push_back({scenario.model.config.text, *config});
  return {result.plan.winner.has_value(), request.json ? report::plan_json(result, "plan", inputs).dump() + "\n" : report::plan_text(result)};
}

}  // namespace socle::api
