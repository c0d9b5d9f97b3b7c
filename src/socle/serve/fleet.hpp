#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "socle/base/progress.hpp"
#include "socle/serve/replica.hpp"
#include "socle/serve/router.hpp"
#include "socle/serve/scaler.hpp"

namespace socle::serve {

/// A fleet as it stands after a segment or an arrival: for queue and batch over time.
struct FleetState {
  Picoseconds now = 0;
  std::int64_t waiting = 0, running = 0;
  std::int64_t blocks_used = 0;
};

/// More replicas of a fleet, of another kind.
struct FleetGroup {
  ReplicaOptions replica{};
  int replicas = 1;
  StepTimer* timer = nullptr;
  double weight = 1;  ///< what one carries beside a replica of the first kind
};

/// Replicas that start and stop while requests come.
struct Scaling {
  Scaler* scaler = nullptr;
  int first = 1;             ///< replicas that are ready at the start
  Picoseconds interval = 0;  ///< between two looks; > 0
  Picoseconds start_up = 0;  ///< from the decision until a replica takes requests
};

/// Hears each segment of each replica: of a side, where prompts are computed apart.
using SegmentListener = std::function<void(bool prefill, std::size_t replica, const Segment& segment)>;

/// Replicas behind one router.
struct FleetOptions {
  ReplicaOptions replica{};
  int replicas = 1;  ///< at most, where they scale
  Router router = nullptr;
  std::function<void(const FleetState&)> observe{};  ///< called after each event when set
  SegmentListener on_segment{};                      ///< called as each ends when set; `prefill` is false
  std::vector<FleetGroup> others{};
  std::optional<Scaling> scaling{};  ///< of the replicas of the first kind; empty: all run to the end
};

/// From a moment on, so many replicas hold their chips: those that start, are ready or drain.
struct HeldReplicas {
  Picoseconds from = 0;
  int replicas = 0;
};

/// What a simulation did, beside what the recorder heard.
struct FleetRun {
  std::int64_t requests = 0;
  std::int64_t refused = 0;   ///< requests longer than a replica's cache holds
  std::int64_t rejected = 0;  ///< requests that came when as many waited as may
  std::int64_t steps = 0, segments = 0;
  Picoseconds busy_time = 0;  ///< over all replicas
  AdapterLoads adapter_loads;
  TierLoads tier_loads;
  Picoseconds end = 0;
  std::vector<HeldReplicas> held;  ///< of a fleet that scales, ascending; the first from the start
};

/// Serves a stream to its end. Events go by time; at equal times replicas that are ready before looks of the scaler
/// before arrivals before the ends of steps, replicas in their order. A replica that is not wanted takes no more
/// requests and stops when its last is done; what starts is dropped first, then the newest; one that runs is always
/// kept. What stopped begins again with an empty cache. Throws InputError when the time leaves the clock, Cancelled
/// when `progress` is.
FleetRun run_fleet(workload::RequestSource& source, const FleetOptions& options, StepTimer& timer, Recorder& recorder,
                   Progress* progress = nullptr);

}  // namespace socle::serve
