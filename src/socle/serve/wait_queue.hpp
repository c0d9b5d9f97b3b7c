#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "socle/serve/recorder.hpp"

namespace socle::serve {

/// What a scheduler is told of a class of requests.
struct ServiceClass {
  int priority = 0;  ///< the lower, the sooner, as vLLM has it
  int weight = 1;    ///< its share beside the other classes, where shares are fair
};

inline constexpr int kServiceWeightMax = 1000;

/// A request of a scheduler, as far as its place in a queue goes.
struct Waiting {
  int slot = 0;  ///< of its sequence
  int service_class = 0;
  bool decodes = false;  ///< only: its prompt was computed elsewhere
  Picoseconds arrival = 0;
  std::int64_t id = 0;
};

/// Requests that wait for one scheduler, and the order in which they are admitted. What comes after the front is
/// admitted only when the front has been.
class WaitQueue {
 public:
  virtual ~WaitQueue() = default;

  /// A request comes. Returns whether another may be in front now.
  virtual bool push(const Waiting& one) = 0;
  /// One that ran comes back: its cache was taken away.
  virtual void push_again(const Waiting& one) = 0;
  /// The next to be admitted. Requires: size() > 0.
  virtual const Waiting& front() const = 0;
  virtual void pop() = 0;
  virtual std::int64_t size() const = 0;

  /// Called before each decision: what came since has its place from now on.
  virtual void settle() {}
  /// One that was taken from the front runs.
  virtual void admitted(const Waiting& one) { static_cast<void>(one); }
  /// So many prompt tokens of a class are computed.
  virtual void charge_prompt(int service_class, std::int64_t tokens) {
    static_cast<void>(service_class);
    static_cast<void>(tokens);
  }
  /// Sequences that decode, by class, have each had so many sixteenths of a token.
  virtual void charge_decode(std::span<const std::int64_t> decoding, std::int64_t sixteenths) {
    static_cast<void>(decoding);
    static_cast<void>(sixteenths);
  }
  /// Steps during which the front stays the front while these decode, nothing comes and nothing is admitted: the step
  /// after the last of them may see another.
  virtual std::int64_t steps_of_front(std::span<const std::int64_t> decoding, std::int64_t sixteenths_a_step) const {
    static_cast<void>(decoding);
    static_cast<void>(sixteenths_a_step);
    return std::numeric_limits<std::int64_t>::max();
  }
  /// Among those that run, does rank decide who loses its cache first? Else it is the last admitted.
  virtual bool ranks() const { return false; }
  /// Does a keep its cache before b does? Requires: ranks().
  virtual bool outranks(const Waiting& a, const Waiting& b) const {
    static_cast<void>(a);
    static_cast<void>(b);
    return false;
  }
};

/// Makes an empty queue; classes beyond the list are as a ServiceClass that says nothing.
using QueueOrder = std::unique_ptr<WaitQueue> (*)(const std::vector<ServiceClass>& classes);

struct QueueOrderEntry {
  std::string_view name;
  QueueOrder make;
  std::string_view help;
};

#define SOCLE_QUEUE(function, name, help) std::unique_ptr<WaitQueue> function(const std::vector<ServiceClass>& classes);
#include "socle/serve/queues.def"
#undef SOCLE_QUEUE

/// Every order, in the order of queues.def.
const std::vector<QueueOrderEntry>& queue_orders();
/// Null when there is none of this name.
const QueueOrderEntry* find_queue_order(std::string_view name);

}  // namespace socle::serve
