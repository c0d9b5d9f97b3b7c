#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/base/quantity.hpp"

namespace socle::answer {

/// From a moment on, so many chips. Steps ascend in time; the first is at the start, the last holds to the end.
struct ChipStep {
  Seconds from{};
  int chips = 0;
};
using ChipSteps = std::vector<ChipStep>;

/// What all of them hold together.
ChipSteps sum_of(const std::vector<ChipSteps>& all);
int most_of(const ChipSteps& steps);
/// Chip-seconds until `end`. Requires: end is not before the last step.
double chip_seconds(const ChipSteps& steps, Seconds end);
/// Time until `end` in which more than `chips` are held.
Seconds time_above(const ChipSteps& steps, int chips, Seconds end);
/// Mean over a part of the time. Requires: from < to.
double mean_between(const ChipSteps& steps, Seconds from, Seconds to);

/// A job of training that runs on chips while nothing else wants them: all of its chips or none, and each time that it
/// starts it loses `restart` (a checkpoint before it stops is not counted: it is written beside the step).
struct IdleJob {
  std::string name;
  int chips = 1;
  Seconds step{};
  double tokens_per_step = 0;
  Seconds restart{};
};

/// What such a job gets of a pool.
struct IdleUse {
  int starts = 0;
  Seconds held{};    ///< time with its chips
  Seconds useful{};  ///< of it, without restarts
  double tokens = 0;
};

/// The job takes its chips whenever that many are free for longer than a restart: it is told when they are wanted back.
IdleUse idle_use(const ChipSteps& steps, int pool, const IdleJob& job, Seconds end);

}  // namespace socle::answer
