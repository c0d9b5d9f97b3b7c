#include "socle/serve/fleet.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "socle/base/check.hpp"
#include "socle/serve/relay.hpp"
#include "socle/serve/replica_events.hpp"

namespace socle::serve {
namespace {

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
  ReplicaEvents events;
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
