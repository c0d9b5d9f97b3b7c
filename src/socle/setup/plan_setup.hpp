#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/scenario/scenario.hpp"
#include "socle/search/plan.hpp"
#include "socle/setup/risk_setup.hpp"

namespace socle::setup {

/// Candidates of a scenario as a planner takes them, with the job that they share.
struct PlanSetup {
  model::Transformer model;
  workload::TrainingJob job;
  std::string precision;
  workload::PartialLayout layout;
  std::vector<search::Offer> offers;
  search::PlanLimits limits;
  std::vector<RiskSetup> risks{};        ///< of each offer; empty where the goodput is stated, or none is asked about
  std::vector<std::string> assumptions;  ///< without repetition, in the order met
  std::vector<std::string> doubts;
};

/// Resolves what `socle plan` asks: the scenario's candidates, or its one cluster. Throws InputError: no candidate, no
/// length of the run, and whatever set_up_offers refuses.
PlanSetup set_up_plan(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                      const std::optional<std::string>& config);

/// Looks every candidate up and brings all money into one currency: the limits', else the first price's. A conversion
/// uses the catalogue's rate and is listed among the assumptions. Requires: at least one candidate.
/// Throws InputError with every problem.
PlanSetup set_up_offers(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                        const std::vector<scenario::ClusterSection>& candidates,
                        const std::optional<std::string>& config_text);

}  // namespace socle::setup
