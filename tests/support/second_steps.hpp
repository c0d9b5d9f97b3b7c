#pragma once

#include <cstdint>
#include <map>

#include "socle/serve/replica.hpp"

namespace socle::serve {

inline constexpr Picoseconds kSecond = 1'000'000'000'000;

/// Every step takes one second.
class SecondTimer final : public StepTimer {
 public:
  StepTime time(std::span<const LaneStep> lanes) override {
    bool chunks = false;
    for (const LaneStep& lane : lanes) chunks = chunks || !lane.chunks.empty();
    return {.first = kSecond, .growth = 0, .steps = chunks ? 1 : 1'000'000};
  }
};

/// What became of each request, by its number.
class Outcomes final : public Recorder {
 public:
  void done(const Request& request, const Outcome& outcome) override { at[request.id] = outcome; }
  void gaps(std::int64_t, Picoseconds, Picoseconds, std::int64_t) override {}
  std::map<std::int64_t, Outcome> at;
};

}  // namespace socle::serve
