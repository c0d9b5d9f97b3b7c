#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/api/scenario.hpp"
#include "socle/catalog/catalog.hpp"
#include "socle/search/plan.hpp"

namespace socle::api {

/// Candidates of a scenario as a planner takes them, with the job that they share.
struct OfferSetup {
  model::Transformer model;
  workload::TrainingJob job;
  std::string precision;
  std::vector<search::Offer> offers;
  search::PlanLimits limits;
  std::vector<std::string> assumptions;   ///< without repetition, in the order met
  std::vector<std::string> doubts;
};

/// Looks every candidate up and brings all money into one currency: the limits', else the first price's. A conversion
/// uses the catalogue's rate and is listed among the assumptions. Requires: at least one candidate.
/// Throws InputError with every problem.
OfferSetup set_up_offers(const catalog::Catalog& catalog, const Scenario& scenario, const std::vector<ScenarioCluster>& candidates,
                         const std::optional<std::string>& config_text);

}  // namespace socle::api
