#pragma once

#include <vector>

#include "socle/answer/serve/serve_day.hpp"
#include "socle/serve/step_costs.hpp"
#include "socle/setup/deployment.hpp"

namespace socle::answer {

inline constexpr Seconds kDayPart{300.0};  ///< over which rates of a day are counted

/// Requests a second in each part of a stream. Requires: open traffic with at least one request.
std::vector<double> part_rates(workload::RequestSource& source);

/// A deployment and its traffic. Requires: references outlive the call.
struct DayGround {
  const setup::ServeSimulationSetup& setup;
  const setup::Deployment& deployment;
  const serve::StepCosts& costs;
  const Objectives& objectives;
  int chips = 1;  ///< of one replica
};

/// The whole traffic on so many replicas, at most, that scale as `scaling` says; null: all run.
DayFleet day_fleet(const DayGround& ground, int replicas, const serve::Scaling* scaling, Progress* progress);

}  // namespace socle::answer
