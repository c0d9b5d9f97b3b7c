#pragma once

#include <string>
#include <vector>

#include "socle/base/progress.hpp"
#include "socle/search/plan_stability.hpp"
#include "socle/setup/plan_setup.hpp"

namespace socle::answer {

struct PlanOptions {
  unsigned threads = 0;  ///< 0 = all cores; the answer does not depend on it
  int draws = 2000;      ///< of everything that is not sure
  std::uint32_t seed = 1;
};

/// The answer to `socle plan`: every candidate with its best layout, and which one to take.
struct PlanResult {
  model::Transformer model;
  workload::TrainingJob job;  ///< that all candidates share
  std::string precision;
  search::Plan plan;            ///< without a winner when no candidate stays within the limits
  search::Stability stability;  ///< empty unless money decides
  std::vector<std::string> assumptions;
  std::vector<std::string> doubts;
};

/// Evaluates every candidate, sizes those without a node count, and compares them. Throws Cancelled.
PlanResult plan(setup::PlanSetup setup, const PlanOptions& options, Progress& progress);

}  // namespace socle::answer
