#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "socle/base/progress.hpp"
#include "socle/serve/replica.hpp"
#include "socle/serve/router.hpp"

namespace socle::serve {

/// A fleet as it stands after a segment or an arrival: for queue and batch over time.
struct FleetState {
  Picoseconds now = 0;
  std::int64_t waiting = 0, running = 0;
  std::int64_t blocks_used = 0;
};

/// Replicas behind one router.
struct FleetOptions {
  ReplicaOptions replica{};
  int replicas = 1;
  Router router = nullptr;
  std::function<void(const FleetState&)> observe{};  ///< called after each event when set
};

/// What a simulation did, beside what the recorder heard.
struct FleetRun {
  std::int64_t requests = 0;
  std::int64_t refused = 0;  ///< requests longer than a replica's cache holds, or than its limit
  std::int64_t steps = 0, segments = 0;
  Picoseconds busy_time = 0;  ///< over all replicas
  Picoseconds end = 0;
};

/// Serves a stream to its end. Events go by time; at equal times arrivals before the ends of steps, replicas in their
/// order. Throws InputError when the time leaves the clock, Cancelled when `progress` is.
FleetRun run_fleet(workload::RequestSource& source, const FleetOptions& options, StepTimer& timer, Recorder& recorder,
                   Progress* progress = nullptr);

}  // namespace socle::serve
