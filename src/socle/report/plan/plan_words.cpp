#include "socle/report/plan/plan_words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"

namespace socle::report {

using search::PlannedOffer;

std::optional<Money> owned_cost(const PlannedOffer& offer) {
  if (!offer.money || !offer.cost) return std::nullopt;
  const auto &build = offer.money->run_cost[0], &colocate = offer.money->run_cost[1];
  if (!build && !colocate) return std::nullopt;
  return Money{std::min(build.value_or(*colocate), colocate.value_or(*build)), offer.cost->currency};
}

std::optional<Money> rented_cost(const PlannedOffer& offer) {
  if (!offer.money || !offer.cost) return std::nullopt;
  const auto &demand = offer.money->run_cost[2], &reserved = offer.money->run_cost[3];
  if (!demand && !reserved) return std::nullopt;
  return Money{std::min(demand.value_or(reserved.value_or(0)), reserved.value_or(demand.value_or(0))),
               offer.cost->currency};
}

std::string plan_title(const answer::PlanResult& result) {
  const workload::TrainingJob& job = result.job;
  return fmt::format("{}, {}{}, sequence {}, global batch {}: {} candidate{}", result.model.name,
                     job.total_tokens > Tokens{} ? format_tokens(job.total_tokens) + ", " : "", result.precision,
                     job.sequence_length, job.global_batch, result.plan.offers.size(),
                     result.plan.offers.size() == 1 ? "" : "s");
}

}  // namespace socle::report
