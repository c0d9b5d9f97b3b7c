#include "socle/setup/plan_setup.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/setup/cluster_setup.hpp"
#include "socle/setup/cost_setup.hpp"
#include "socle/setup/design_setup.hpp"
#include "socle/setup/one_currency.hpp"
#include "socle/setup/refusal.hpp"
#include "socle/setup/run_limits.hpp"
#include "socle/setup/train_setup.hpp"

namespace socle::setup {
namespace {

void add_once(const std::vector<std::string>& from, std::vector<std::string>& to) {
  for (const std::string& sentence : from) {
    if (std::find(to.begin(), to.end(), sentence) == to.end()) to.push_back(sentence);
  }
}

// "2 x DGX H100" would name two nodes, so a candidate that is sized goes by what it is made of.
std::string name_of(const scenario::ClusterSection& candidate, const std::string& cluster) {
  if (!candidate.name.empty()) return candidate.name;
  return candidate.nodes || candidate.chips ? cluster : cluster.substr(cluster.find(" x ") + 3) + ", sized";
}

// One currency for all: what the limits are in, else what the answer is asked in, else the first price.
std::optional<Currency> currency_of(const scenario::Scenario& scenario, const std::vector<search::Offer>& offers) {
  if (scenario.limits.capex) return scenario.limits.capex->currency;
  if (scenario.limits.opex) return scenario.limits.opex->currency;
  if (scenario.cost.currency) return scenario.cost.currency;
  for (const search::Offer& offer : offers) {
    if (offer.rent_per_chip_hour) return offer.rent_per_chip_hour->currency;
    if (offer.price_per_node) return offer.price_per_node->currency;
  }
  return std::nullopt;
}

void unify_currency(const catalog::Catalog& catalog, PlanSetup& setup, const scenario::Scenario& scenario) {
  const auto target = currency_of(scenario, setup.offers);
  if (!target) return;
  const auto& stated = scenario.cost.factors[cost::index_of(cost::CostFactor::kExchange)];
  OneCurrency one(catalog, *target, stated ? std::optional(stated->middle) : std::nullopt);
  for (search::Offer& offer : setup.offers) {
    one.turn(offer.rent_per_chip_hour);
    one.turn(offer.price_per_node);
  }
  one.turn(setup.limits.capex);
  one.turn(setup.limits.opex);
  if (one.assumption()) setup.assumptions.push_back(*one.assumption());
}

}  // namespace

PlanSetup set_up_offers(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                        const std::vector<scenario::ClusterSection>& candidates,
                        const std::optional<std::string>& config_text) {
  PlanSetup result;
  result.layout = workload::settled(scenario.layout);
  Problems problems;
  for (const scenario::ClusterSection& candidate : candidates) {
    scenario::Scenario one = scenario;
    one.cluster = candidate;
    const bool sized = candidate.nodes || candidate.chips;
    // All train the same job: a batch that the first one's size suggested holds for the others.
    if (!result.offers.empty()) one.training.global_batch = result.job.global_batch;
    try {
      if (!sized) one.cluster->nodes = nodes_of_two_domains(catalog, candidate);
      TrainSetup setup = set_up_job(catalog, one, config_text);
      const int nodes =
          one.cluster->nodes.value_or(std::max(1, setup.cluster.chips / setup.machine.spec().chips_per_node));
      const int chips_per_node = setup.cluster.chips / nodes;
      if (result.offers.empty()) {
        result.model = setup.model;
        result.job = setup.job;
        result.precision = setup.precision;
      }
      add_once(setup.assumptions, result.assumptions);
      add_once(setup.doubts, result.doubts);
      search::Offer offer{.name = name_of(candidate, setup.cluster.name),
                          .machine = std::move(setup.machine),
                          .plausible = std::move(setup.plausible),
                          .layout = std::move(setup.layout),
                          .chips_per_node = chips_per_node,
                          .nodes = sized ? std::optional<int>(nodes) : std::nullopt,
                          .power_per_node = setup.cluster.rated_power / nodes,
                          .rent_per_chip_hour = setup.cluster.rent_per_chip_hour,
                          .price_per_node = {}};
      if (setup.cluster.price) offer.price_per_node = *setup.cluster.price / nodes;
      result.offers.push_back(std::move(offer));
    } catch (const InputError& error) { problems.add_new(error.problems()); }  // of model and job, which all share
  }
  problems.throw_if_any();
  result.limits = plan_limits(scenario.limits);
  unify_currency(catalog, result, scenario);
  return result;
}

namespace {

/// The same number for the same machine, however its candidate is called.
std::uint64_t machine_number(const std::string& machine, std::vector<std::string>& machines) {
  const auto known = std::find(machines.begin(), machines.end(), machine);
  const auto number = static_cast<std::uint64_t>(known - machines.begin()) + 1;
  if (known == machines.end()) machines.push_back(machine);
  return number;
}

void add_costs(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
               const scenario::ClusterSection& candidate, std::vector<std::string>& machines, PlanSetup& setup,
               search::Offer& offer) {
  scenario::Scenario one = scenario;
  one.cluster = candidate;
  if (const auto currency = currency_of(scenario, setup.offers)) one.cost.currency = currency;
  CostSetup costs = set_up_cost(catalog, one, {}, cost_subject(catalog, candidate));
  add_once(costs.assumptions, setup.assumptions);
  // The price of a node is doubted beside its name already.
  std::erase_if(costs.doubts, [](const std::string& doubt) { return doubt.starts_with("price of a node"); });
  const auto network = network_question(catalog, scenario, candidate, costs.doubts);
  add_once(costs.doubts, setup.doubts);
  const std::string& machine = costs.subject.node.empty() ? costs.subject.chip : costs.subject.node;
  offer.costs = search::OfferCosts{.factors = std::move(costs.factors),
                                   .currency = costs.currency,
                                   .network = network,
                                   .machine = machine_number(machine, machines),
                                   .basis = scenario.cost.basis,
                                   .rated_per_node = costs.subject.plant.rated_per_node};
}

/// What fails, for each candidate; a candidate without a size is scaled later.
void add_risks(const catalog::Catalog& catalog, scenario::Scenario scenario,
               const std::vector<scenario::ClusterSection>& candidates, PlanSetup& setup) {
  if (!scenario.risk.trace.empty())
    setup.assumptions.push_back("The trace in [risk] is replayed by socle risk, not here.");
  scenario.risk.trace = {};
  for (const scenario::ClusterSection& candidate : candidates) {
    scenario.cluster = candidate;
    if (!candidate.nodes && !candidate.chips) scenario.cluster->nodes = nodes_of_two_domains(catalog, candidate);
    setup.risks.push_back(set_up_risk(catalog, scenario, {}));
  }
  add_once(setup.risks.front().assumptions, setup.assumptions);
  setup.assumptions.push_back(
      "Checkpoints, restarts and repairs: as socle risk takes them, which shows and changes them.");
}

}  // namespace

PlanSetup set_up_plan(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                      const std::optional<std::string>& config) {
  std::vector<scenario::ClusterSection> candidates = scenario.candidates;
  if (candidates.empty() && scenario.cluster) candidates.push_back(*scenario.cluster);
  if (candidates.empty()) {
    throw refusal(
        scenario, "candidate",
        "there is no [[candidate]] to choose among; write one with node = \"...\", or give --cluster NODE:COUNT");
  }
  if (!scenario.training.tokens) {
    throw refusal(scenario, "training.tokens",
                  "the length of the run is not stated, so neither times nor money compare; write tokens = "
                  "\"2T\" in [training], or give --tokens 2T");
  }
  PlanSetup setup = set_up_offers(catalog, scenario, candidates, config);
  std::vector<std::string> machines;
  for (std::size_t i = 0; i < candidates.size(); ++i)
    add_costs(catalog, scenario, candidates[i], machines, setup, setup.offers[i]);
  if (!scenario.cost.factors[cost::index_of(cost::CostFactor::kGoodput)])
    add_risks(catalog, scenario, candidates, setup);
  return setup;
}

}  // namespace socle::setup
