#pragma once

#include <cstdint>

#include "socle/net/clock.hpp"
#include "socle/workload/request.hpp"

namespace socle::serve {

using net::Picoseconds;
using workload::Request;

/// What became of a request.
struct Outcome {
  Picoseconds arrival = 0;
  Picoseconds first_token = 0;  ///< end of the step that finished its prompt
  Picoseconds last_token = 0;
  int cached = 0;       ///< prompt tokens found in the prefix cache when it first ran
  int preemptions = 0;  ///< times that its cache was taken away
};

/// Steps one after the other, the first of which takes `first` and each further one `growth` more than the last.
struct StepRun {
  Picoseconds start = 0;
  Picoseconds first = 0;
  Picoseconds growth = 0;
  std::int64_t steps = 0;

  /// When so many of them are done.
  Picoseconds end(std::int64_t count) const { return start + count * first + count * (count - 1) / 2 * growth; }
  Picoseconds end() const { return end(steps); }
};

/// Why a request is not served.
enum class Refusal {
  kTooLong,    ///< longer than the cache holds, or than the engine allows
  kQueueFull,  ///< as many wait as may
};

/// Hears what happens in a simulation. Every request that comes is done or turned away, once.
class Recorder {
 public:
  virtual ~Recorder() = default;
  virtual void done(const Request& request, const Outcome& outcome) = 0;
  /// As it came.
  virtual void turned_away(const Request& request, Refusal why) {
    static_cast<void>(request);
    static_cast<void>(why);
  }
  /// So many sequences had their next token after `first`, then each after growth more, `steps` times.
  virtual void gaps(std::int64_t sequences, Picoseconds first, Picoseconds growth, std::int64_t steps) = 0;
};

}  // namespace socle::serve
