#include "socle/answer/plan/plan.hpp"

#include <utility>

namespace socle::answer {

PlanResult plan(setup::PlanSetup setup, const PlanOptions& options, Progress& progress) {
  search::Plan plan =
      search::plan(setup.model, setup.job, setup.layout, setup.offers, setup.limits, options.threads, &progress);
  search::Stability stability;
  stability.offers.resize(plan.offers.size());
  if (plan.winner && plan.by_cost) stability = search::stability_of(plan, options.draws, options.seed);
  return {.model = std::move(setup.model),
          .job = setup.job,
          .precision = std::move(setup.precision),
          .plan = std::move(plan),
          .stability = std::move(stability),
          .assumptions = std::move(setup.assumptions),
          .doubts = std::move(setup.doubts)};
}

}  // namespace socle::answer
