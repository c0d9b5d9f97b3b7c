#pragma once

#include <string>
#include <vector>

#include "socle/base/progress.hpp"
#include "socle/setup/plan_setup.hpp"

namespace socle::answer {

struct PlanOptions {
  unsigned threads = 0;  ///< 0 = all cores; the answer does not depend on it
};

/// The answer to `socle plan`: every candidate with its best layout, and which one to take.
struct PlanResult {
  model::Transformer model;
  workload::TrainingJob job;  ///< that all candidates share
  std::string precision;
  search::Plan plan;  ///< without a winner when no candidate stays within the limits
  std::vector<std::string> assumptions;
  std::vector<std::string> doubts;
};

/// Evaluates every candidate, sizes those without a node count, and compares them. Throws Cancelled.
PlanResult plan(setup::PlanSetup setup, const PlanOptions& options, Progress& progress);

}  // namespace socle::answer
