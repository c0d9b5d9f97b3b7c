#include "socle/setup/plan_setup.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/setup/cluster_setup.hpp"
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

// One currency for all: what the limits are in, else the first price.
std::optional<Currency> currency_of(const scenario::LimitsSection& limits, const std::vector<search::Offer>& offers) {
  if (limits.capex) return limits.capex->currency;
  if (limits.opex) return limits.opex->currency;
  for (const search::Offer& offer : offers) {
    if (offer.rent_per_chip_hour) return offer.rent_per_chip_hour->currency;
    if (offer.price_per_node) return offer.price_per_node->currency;
  }
  return std::nullopt;
}

void unify_currency(const catalog::Catalog& catalog, PlanSetup& setup, const scenario::LimitsSection& limits) {
  const auto target = currency_of(limits, setup.offers);
  if (!target) return;
  OneCurrency one(catalog, *target);
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
  result.layout = scenario.layout;
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
  unify_currency(catalog, result, scenario.limits);
  return result;
}

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
  return set_up_offers(catalog, scenario, candidates, config);
}

}  // namespace socle::setup
