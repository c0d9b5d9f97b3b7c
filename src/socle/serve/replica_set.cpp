#include "socle/serve/replica_set.hpp"

#include <algorithm>

#include "socle/base/check.hpp"

namespace socle::serve {

ReplicaSet::ReplicaSet(const FleetOptions& options, StepTimer& timer, Recorder& recorder)
    : options_(options), timer_(timer), recorder_(recorder) {
  for (int i = 0; i < options.replicas; ++i) replicas_.emplace_back(watched(options.replica), timer, recorder);
  all_weights_.resize(replicas_.size(), 1.0);
  for (const FleetGroup& group : options.others) {
    SOCLE_CHECK(group.timer != nullptr && group.weight > 0, "replicas of another kind have step times and a weight");
    for (int i = 0; i < group.replicas; ++i) replicas_.emplace_back(watched(group.replica), *group.timer, recorder);
    all_weights_.resize(replicas_.size(), group.weight);
  }
  slots_.resize(replicas_.size());
  if (options.scaling) {
    SOCLE_CHECK(options.scaling->scaler != nullptr && options.scaling->interval > 0, "a fleet scales by a scaler");
    const auto first = static_cast<std::size_t>(std::clamp(options.scaling->first, 1, options.replicas));
    for (std::size_t i = first; i < static_cast<std::size_t>(options.replicas); ++i) slots_[i].phase = Phase::kOff;
    held_.push_back({0, static_cast<int>(first + replicas_.size()) - options.replicas});
  }
  list_ready();
}

ReplicaOptions ReplicaSet::watched(ReplicaOptions replica, std::optional<std::size_t> place) const {
  if (!options_.on_segment) return replica;
  replica.on_segment = [&hear = options_.on_segment, index = place.value_or(replicas_.size())](const Segment& segment) {
    hear(false, index, segment);
  };
  return replica;
}

std::size_t ReplicaSet::choose(Router router, const Request& request, std::int64_t routed) const {
  const bool alike = options_.others.empty();
  const std::size_t at =
      router(request, {ready_, routed, alike ? std::span<const double>{} : std::span<const double>(weights_)});
  return static_cast<std::size_t>(ready_[at] - replicas_.data());
}

void ReplicaSet::list_ready() {
  ready_.clear();
  weights_.clear();
  next_ready_ = kNever;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    next_ready_ = std::min(next_ready_, slots_[i].ready);
    if (slots_[i].phase != Phase::kReady) continue;
    ready_.push_back(&replicas_[i]);
    weights_.push_back(all_weights_[i]);
  }
}

void ReplicaSet::set_up(std::size_t index, Phase phase, Picoseconds now, Picoseconds ready) {
  const bool held = slots_[index].phase != Phase::kOff, holds = phase != Phase::kOff;
  slots_[index] = {phase, ready};
  if (held != holds) {
    const int replicas = held_.back().replicas + (holds ? 1 : -1);
    if (held_.back().from == now)
      held_.back().replicas = replicas;
    else
      held_.push_back({now, replicas});
  }
  list_ready();
}

void ReplicaSet::make_ready(Picoseconds now) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].ready <= now) set_up(i, Phase::kReady, now);
  }
}

void ReplicaSet::scale(Picoseconds now) {
  const auto first_kind = static_cast<std::size_t>(options_.replicas);
  ScalingView view{.now = now};
  for (std::size_t i = 0; i < first_kind; ++i) {
    view.ready += slots_[i].phase == Phase::kReady ? 1 : 0;
    view.starting += slots_[i].phase == Phase::kStarting ? 1 : 0;
    view.requests += replicas_[i].load().requests();
  }
  int missing = std::clamp(options_.scaling->scaler->wanted(view), 1, options_.replicas) - view.ready - view.starting;
  for (std::size_t i = 0; i < first_kind && missing > 0; ++i) {
    if (slots_[i].phase != Phase::kOff) continue;
    set_up(i, Phase::kStarting, now, now + options_.scaling->start_up);
    --missing;
  }
  for (const Phase phase : {Phase::kStarting, Phase::kReady}) {
    for (std::size_t i = first_kind; i-- > 0 && missing < 0;) {
      if (slots_[i].phase != phase || (phase == Phase::kReady && view.ready == 1)) continue;
      set_up(i, phase == Phase::kReady ? Phase::kDraining : Phase::kOff, now);
      view.ready -= phase == Phase::kReady ? 1 : 0;
      release(i, now);
      ++missing;
    }
  }
}

bool ReplicaSet::release(std::size_t index, Picoseconds now) {
  if (slots_[index].phase != Phase::kDraining) return false;
  Replica& replica = replicas_[index];
  if (replica.load().requests() > 0 || replica.next() != kNever) return false;
  count(replica);
  replica = Replica(watched(options_.replica, index), timer_, recorder_);
  set_up(index, Phase::kOff, now);
  return true;
}

void ReplicaSet::count(const Replica& replica) {
  stopped_.steps += replica.steps();
  stopped_.segments += replica.segments();
  stopped_.busy_time += replica.busy_time();
  stopped_.adapter_loads.from_host += replica.adapter_loads().from_host;
  stopped_.adapter_loads.from_disk += replica.adapter_loads().from_disk;
  stopped_.tier_loads.from_host += replica.tier_loads().from_host;
  stopped_.tier_loads.from_disk += replica.tier_loads().from_disk;
}

void ReplicaSet::finish(FleetRun& run) {
  for (const Replica& replica : replicas_) count(replica);
  run.steps = stopped_.steps;
  run.segments = stopped_.segments;
  run.busy_time = stopped_.busy_time;
  run.adapter_loads = stopped_.adapter_loads;
  run.tier_loads = stopped_.tier_loads;
  run.held = std::move(held_);
}

}  // namespace socle::serve
