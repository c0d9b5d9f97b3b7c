#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/machine/machine.hpp"
#include "socle/search/stack_spread.hpp"
#include "socle/setup/cluster_facts.hpp"
#include "socle/train/cost_set.hpp"
#include "socle/train/stage_cost.hpp"
#include "socle/train/step.hpp"

namespace socle::answer {

/// One training job on one cluster in one layout, with its estimated step.
struct TrainCase {
  model::Transformer model;
  workload::TrainingJob job;
  std::string precision;  ///< name of job.recipe
  workload::Layout layout;
  machine::Machine machine;
  std::optional<search::StackSpread> stacks{};  ///< where no stack is stated; the machine stands on the middle one
  train::StepResult step;
  setup::ClusterFacts cluster;
  std::vector<std::string> assumptions;  ///< what was filled in, as sentences
  std::vector<std::string> doubts;       ///< facts that rest on recall or estimate, as sentences
};

/// The costs behind a case's step: what waterfall and timeline are drawn from.
struct StepCosts {
  train::CostSet costs;
  train::StageCosts stages;
};
StepCosts step_costs(const TrainCase& run);

}  // namespace socle::answer
