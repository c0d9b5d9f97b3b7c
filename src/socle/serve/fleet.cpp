#include "socle/serve/fleet.hpp"

#include <algorithm>
#include <optional>
#include <queue>
#include <utility>

#include "socle/base/check.hpp"

namespace socle::serve {
namespace {

/// Passes on what it hears, and tells the source which requests are done.
class Relay final : public Recorder {
 public:
  Relay(workload::RequestSource& source, Recorder& recorder) : source_(source), recorder_(recorder) {}
  void done(const Request& request, const Outcome& outcome) override {
    ++done_;
    recorder_.done(request, outcome);
    source_.completed(request, net::to_seconds(outcome.last_token));
  }
  void gaps(std::int64_t sequences, Picoseconds first, Picoseconds growth, std::int64_t steps) override {
    recorder_.gaps(sequences, first, growth, steps);
  }
  std::int64_t done_count() const { return done_; }

 private:
  workload::RequestSource& source_;
  Recorder& recorder_;
  std::int64_t done_ = 0;
};

/// When something happens next at each replica, the earliest first. Entries that are no longer true are passed over.
class Events {
 public:
  void add(const std::vector<Replica>& replicas, std::size_t index) {
    if (replicas[index].next() != kNever) entries_.push({replicas[index].next(), index});
  }
  Picoseconds first(const std::vector<Replica>& replicas) {
    while (!entries_.empty() && replicas[entries_.top().second].next() != entries_.top().first) entries_.pop();
    return entries_.empty() ? kNever : entries_.top().first;
  }
  /// Requires: first() is not kNever.
  std::size_t pop() {
    const std::size_t index = entries_.top().second;
    entries_.pop();
    return index;
  }

 private:
  using Entry = std::pair<Picoseconds, std::size_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> entries_;
};

void observe(const FleetOptions& options, const std::vector<Replica>& replicas, Picoseconds now) {
  if (!options.observe) return;
  FleetState state{.now = now};
  for (const Replica& replica : replicas) {
    state.waiting += replica.waiting();
    state.running += replica.running();
    for (const Lane& lane : replica.lanes()) state.blocks_used += lane.pool().used();
  }
  options.observe(state);
}

constexpr std::int64_t kLookEvery = 1024;  // events between two looks at the progress

}  // namespace

FleetRun run_fleet(workload::RequestSource& source, const FleetOptions& options, StepTimer& timer, Recorder& recorder,
                   Progress* progress) {
  SOCLE_CHECK(options.replicas >= 1 && options.router != nullptr, "a fleet has replicas and a router");
  Relay relay(source, recorder);
  std::vector<Replica> replicas;
  for (int i = 0; i < options.replicas; ++i) replicas.emplace_back(options.replica, timer, relay);
  FleetRun run;
  Events events;
  std::int64_t count = 0;
  Picoseconds now = 0;
  std::optional<Request> coming = source.next();
  while (true) {
    if (++count % kLookEvery == 0) check(progress);
    const Picoseconds end = events.first(replicas);
    const Picoseconds arrival = coming ? std::max(now, net::to_picoseconds(coming->arrival)) : kNever;
    if (end == kNever && arrival == kNever) break;
    now = std::min(arrival, end);
    if (arrival <= end) {
      ++run.requests;
      const std::size_t index = options.router(*coming, {replicas, run.requests - 1});
      if (replicas[index].fits(*coming)) {
        replicas[index].accept(std::move(*coming), now);
        events.add(replicas, index);
      } else {
        ++run.refused;
        source.completed(*coming, net::to_seconds(now));
      }
      coming = source.next();
    } else {
      const std::size_t index = events.pop();
      replicas[index].advance();
      events.add(replicas, index);
      coming = coming ? source.sooner(std::move(*coming)) : source.next();
    }
    observe(options, replicas, now);
  }
  for (const Replica& replica : replicas) {
    run.steps += replica.steps();
    run.segments += replica.segments();
    run.busy_time += replica.busy_time();
  }
  run.end = now;
  SOCLE_CHECK(relay.done_count() + run.refused == run.requests, "every request is served or refused");
  return run;
}

}  // namespace socle::serve
