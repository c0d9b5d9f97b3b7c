#pragma once

#include "socle/answer/train/train_result.hpp"
#include "socle/base/feasible.hpp"
#include "socle/base/progress.hpp"
#include "socle/setup/train_setup.hpp"

namespace socle::answer {

struct TrainOptions {
  bool explain = false;  ///< find what each assumption does to the step time
  unsigned threads = 0;  ///< 0 = all cores; the answer does not depend on it
};

/// Estimates one training step. When the layout states everything that decides (tp, pp, cp, dp, microbatch, schedule,
/// recompute, sharding; vpp for the interleaved schedule; ep for models with experts) that layout is evaluated,
/// otherwise the rest is searched. A run that breaks a limit is answered in full, with what it breaks. Infeasible with
/// the nearest change when no layout fits. Throws Cancelled.
Feasible<TrainResult> train(setup::TrainSetup setup, const TrainOptions& options, Progress& progress);

}  // namespace socle::answer
