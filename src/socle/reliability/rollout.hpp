#pragma once

#include <cstdint>
#include <vector>

#include "socle/base/quantity.hpp"

namespace socle::reliability {

/// A share of the fleet that takes a change together, and from when on.
struct RolloutStage {
  double share = 1.0;
  Seconds start;
};

/// A change on its way, and what follows if it is bad.
struct Rollout {
  std::vector<RolloutStage> stages;  ///< shares add up to 1; starts ascend from 0
  Seconds detect;                    ///< from when the fault can be seen
  Seconds rollback;                  ///< from then until everybody is back
  double visible = 0.0;              ///< share of the fleet that must have it before it can be seen
};

/// What a bad change does.
struct Exposure {
  double share = 0;         ///< of the fleet: stages that began before it was noticed
  Seconds share_time;       ///< sum of share x time bad
  Seconds bad;              ///< from the first stage until everybody is back
  std::int64_t stages = 0;  ///< that took it
};

/// exposed share = sum of s_i of stages with start_i < D; exposed time = sum of s_i (D + B - start_i). D counts from
/// the stage with which `visible` is reached. Requires: at least one stage.
Exposure exposure(const Rollout& rollout);

/// Stages of these shares, each begun so long after the one before. Requires: shares above 0 that add up to 1.
std::vector<RolloutStage> stages_of(const std::vector<double>& shares, Seconds bake);
/// From the first stage until the last has baked.
Seconds rollout_length(const std::vector<RolloutStage>& stages, Seconds bake);

/// A plan, and what it does.
struct RolloutPlan {
  Rollout rollout;
  Seconds bake, length;
  Exposure exposure;
};

/// The quickest plan whose exposed share-time stays within the limit: 1 to 8 stages that grow by one factor from a
/// first share of 0.1 % to all, with one bake. The plan of least exposure where none keeps it.
RolloutPlan plan_rollout(Seconds detect, Seconds rollback, double visible, Seconds share_time_most);

/// Units that are changed `at_once` at a time, each wave for `wave`.
struct RollingUpgrade {
  std::int64_t waves = 0;
  Seconds length;
};
/// Requires: at_once >= 1.
RollingUpgrade rolling_upgrade(std::int64_t units, std::int64_t at_once, Seconds wave);

}  // namespace socle::reliability
