#include "socle/report/plan/plan_words.hpp"

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"

namespace socle::report {

using search::PlannedOffer;

namespace {

/// The cheapest way of owning, or of renting, that is known.
std::optional<Money> cheapest(const PlannedOffer& offer, bool owned) {
  if (!offer.money || !offer.cost) return std::nullopt;
  std::optional<Money> least;
  for (const cost::Way way : cost::kAllWays) {
    const auto& amount = offer.money->run_cost[static_cast<std::size_t>(way)];
    if (cost::owns(way) != owned || !amount || (least && *amount >= least->amount)) continue;
    least = Money{*amount, offer.cost->currency};
  }
  return least;
}

}  // namespace

std::optional<Money> owned_cost(const PlannedOffer& offer) { return cheapest(offer, true); }
std::optional<Money> rented_cost(const PlannedOffer& offer) { return cheapest(offer, false); }

std::string plan_title(const answer::PlanResult& result) {
  const workload::TrainingJob& job = result.job;
  return fmt::format("{}, {}{}, sequence {}, global batch {}: {} candidate{}", result.model.name,
                     job.total_tokens > Tokens{} ? format_tokens(job.total_tokens) + ", " : "", result.precision,
                     job.sequence_length, job.global_batch, result.plan.offers.size(),
                     result.plan.offers.size() == 1 ? "" : "s");
}

}  // namespace socle::report
