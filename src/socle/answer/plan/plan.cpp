#include "socle/answer/plan/plan.hpp"

#include <utility>

namespace socle::answer {

PlanResult plan(setup::PlanSetup setup, const PlanOptions& options, Progress& progress) {
  search::Plan plan =
      search::plan(setup.model, setup.job, setup.layout, setup.offers, setup.limits, options.threads, &progress);
  return {.model = std::move(setup.model),
          .job = setup.job,
          .precision = std::move(setup.precision),
          .plan = std::move(plan),
          .assumptions = std::move(setup.assumptions),
          .doubts = std::move(setup.doubts)};
}

}  // namespace socle::answer
