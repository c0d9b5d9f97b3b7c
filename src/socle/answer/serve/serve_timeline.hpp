#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "socle/serve/replica.hpp"

namespace socle::answer {

/// Steps of one replica that ran together, and what was in them.
struct TimelineEntry {
  bool prefill = false;  ///< of a replica that only computes prompts
  std::size_t replica = 0;
  serve::Segment segment{};
};

/// What the replicas of a run did, from its beginning on; bounded, since a run of a day has millions of steps.
struct ServeTimeline {
  /// About 300 bytes of a trace each: 15 MB, which viewers open at once.
  static constexpr std::size_t kEntriesMax = 50'000;

  std::vector<TimelineEntry> entries;  ///< by the ends of their steps
  std::int64_t steps_kept = 0, steps = 0;
  std::int64_t blocks = 0;          ///< of a replica's cache
  std::int64_t prefill_blocks = 0;  ///< of a replica that only computes prompts
  serve::Picoseconds until = 0;     ///< end of the last that was kept

  void see(bool prefill, std::size_t replica, const serve::Segment& segment) {
    steps += segment.run.steps;
    if (entries.size() >= kEntriesMax) return;
    steps_kept += segment.run.steps;
    until = segment.run.end();
    entries.push_back({prefill, replica, segment});
  }
};

}  // namespace socle::answer
