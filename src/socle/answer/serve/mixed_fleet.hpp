#pragma once

#include <vector>

#include "socle/answer/serve/serve_figures.hpp"
#include "socle/base/progress.hpp"
#include "socle/serve/step_costs.hpp"
#include "socle/setup/deployment.hpp"
#include "socle/setup/requests_setup.hpp"

namespace socle::answer {

/// Replicas of one kind. Requires: `deployment` outlives this object.
struct MixedReplicas {
  const setup::Deployment* deployment = nullptr;
  serve::StepCosts costs;
  int replicas = 1;
  double weight = 1;  ///< what one carries beside one of the first kind
};

/// All of them behind one router, which gives a request to the least loaded for its weight. Times at the edge are those
/// of the first kind for all (assumption: kinds run one engine). Requires: at least one kind.
ServeFigures run_mixed(const setup::RequestsSetup& requests, const std::vector<MixedReplicas>& kinds,
                       const Objectives& objectives, Progress* progress);

}  // namespace socle::answer
