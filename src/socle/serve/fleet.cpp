#include "socle/serve/fleet.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "socle/base/check.hpp"
#include "socle/serve/relay.hpp"
#include "socle/serve/replica_events.hpp"
#include "socle/serve/replica_set.hpp"

namespace socle::serve {
namespace {

constexpr std::int64_t kLookEvery = 1024;  // events between two looks at the progress

class Simulation {
 public:
  Simulation(workload::RequestSource& source, const FleetOptions& options, StepTimer& timer, Recorder& recorder)
      : source_(source), options_(options), relay_(source, recorder), set_(options, timer, relay_) {
    if (options.scaling) look_ = options.scaling->interval;
  }

  FleetRun run(Progress* progress) {
    coming_ = source_.next();
    for (std::int64_t count = 1; step(); ++count) {
      if (count % kLookEvery == 0) check(progress);
      if (options_.observe) observe();
    }
    set_.finish(run_);
    run_.end = now_;
    SOCLE_CHECK(relay_.done_count() + run_.refused + run_.rejected == run_.requests,
                "every request is served or turned away");
    SOCLE_CHECK(events_.together().requests() == 0, "loads that were counted as they changed are empty at the end");
    return std::move(run_);
  }

 private:
  /// Carries out the next event. False: there is none; looks alone are none.
  bool step() {
    const Picoseconds end = events_.first(set_.replicas());
    const Picoseconds arrival = coming_ ? std::max(now_, net::to_picoseconds(coming_->arrival)) : kNever;
    if (end == kNever && arrival == kNever) return false;
    now_ = std::min({arrival, end, look_, set_.next_ready()});
    if (set_.next_ready() == now_) {
      set_.make_ready(now_);
    } else if (look_ == now_) {
      set_.scale(now_);
      for (std::size_t i = 0; i < set_.replicas().size(); ++i) events_.count(set_.replicas(), i);
      look_ += options_.scaling->interval;
    } else if (arrival == now_) {
      arrive();
    } else {
      const std::size_t index = events_.pop();
      set_.replicas()[index].advance();
      events_.note(set_.replicas(), index);
      if (set_.release(index, now_)) events_.count(set_.replicas(), index);
      coming_ = coming_ ? source_.sooner(std::move(*coming_)) : source_.next();
    }
    return true;
  }

  void observe() const {
    const ReplicaLoad& all = events_.together();
    options_.observe({.now = now_, .waiting = all.waiting, .running = all.running, .blocks_used = all.blocks_used});
  }

  void arrive() {
    ++run_.requests;
    const std::size_t index = set_.choose(options_.router, *coming_, run_.requests - 1);
    Replica& replica = set_.replicas()[index];
    const bool fits = replica.fits(*coming_);
    if (fits && !replica.full()) {
      replica.accept(std::move(*coming_), now_);
      events_.note(set_.replicas(), index);
    } else {
      ++(fits ? run_.rejected : run_.refused);
      relay_.turned_away(*coming_, fits ? Refusal::kQueueFull : Refusal::kTooLong);
      source_.completed(*coming_, net::to_seconds(now_));
    }
    coming_ = source_.next();
  }

  workload::RequestSource& source_;
  const FleetOptions& options_;
  Relay relay_;
  ReplicaSet set_;
  ReplicaEvents events_;
  std::optional<Request> coming_;
  Picoseconds now_ = 0, look_ = kNever;
  FleetRun run_;
};

}  // namespace

FleetRun run_fleet(workload::RequestSource& source, const FleetOptions& options, StepTimer& timer, Recorder& recorder,
                   Progress* progress) {
  SOCLE_CHECK(options.replicas >= 1 && options.router != nullptr, "a fleet has replicas and a router");
  return Simulation(source, options, timer, recorder).run(progress);
}

}  // namespace socle::serve
