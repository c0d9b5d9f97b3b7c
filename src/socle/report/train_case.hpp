#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/base/money.hpp"
#include "socle/base/quantity.hpp"
#include "socle/train/cost_set.hpp"
#include "socle/train/machine.hpp"
#include "socle/train/stage_cost.hpp"
#include "socle/train/step.hpp"

namespace socle::report {

/// The cluster as bought or rented.
struct ClusterFacts {
  std::string name;                          ///< e.g. "2048 x DGX H100"
  int chips = 0;
  Watts rated_power{};                       ///< of all nodes, whatever their load; 0 = unknown
  std::string power_basis;                   ///< which power that is
  std::optional<Money> rent_per_chip_hour;
  std::optional<Money> price;                ///< of all nodes
  std::string price_basis;
};

/// One training job on one cluster in one layout, with its estimated step.
struct TrainCase {
  model::Transformer model;
  workload::TrainingJob job;
  std::string precision;                     ///< name of job.recipe
  workload::Layout layout;
  train::Machine machine;
  train::StepResult step;
  ClusterFacts cluster;
  std::vector<std::string> assumptions;      ///< what was filled in, as sentences
  std::vector<std::string> doubts;           ///< facts that rest on recall or estimate, as sentences
};

/// The costs behind a case's step: what waterfall and timeline are drawn from.
struct StepCosts {
  train::CostSet costs;
  train::StageCosts stages;
};
StepCosts step_costs(const TrainCase& run);

}  // namespace socle::report
