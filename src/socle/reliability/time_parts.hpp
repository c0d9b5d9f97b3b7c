#pragma once

#include "socle/base/quantity.hpp"

namespace socle::reliability {

/// Where the time of a job goes; the parts add up to all of it. Times, or shares when divided by their total.
struct TimeParts {
  double productive = 0;  ///< useful work that stands
  double checkpoint = 0;  ///< standing still for copies and writes, also those cut off
  double lost = 0;        ///< work that had to be done again, or was spoiled unnoticed
  double detect = 0;
  double restart = 0;   ///< drain, schedule, image, load, warm-up; the stall of an elastic job
  double wait = 0;      ///< for a repair, because no spare was left
  double degraded = 0;  ///< capacity missing while an elastic job goes on
  double planned = 0;   ///< interruptions that were meant

  double sum() const { return productive + checkpoint + lost + detect + restart + wait + degraded + planned; }
};

/// The members in order, each with its name, for those that say or add them.
struct TimePart {
  const char* name;
  double TimeParts::*part;
};
inline constexpr TimePart kTimeParts[] = {
    {"productive", &TimeParts::productive}, {"checkpoint", &TimeParts::checkpoint}, {"lost", &TimeParts::lost},
    {"detect", &TimeParts::detect},         {"restart", &TimeParts::restart},       {"wait", &TimeParts::wait},
    {"degraded", &TimeParts::degraded},     {"planned", &TimeParts::planned},
};

}  // namespace socle::reliability
