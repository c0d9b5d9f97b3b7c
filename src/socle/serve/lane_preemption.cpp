#include "socle/base/check.hpp"
#include "socle/serve/lane.hpp"

// Who of those that run loses its cache.
namespace socle::serve {

int Lane::last_in_rank() const {
  int slot = sequences_[0].before;
  if (queue_->ranks()) {
    for (int other = sequence(slot).before; other != 0; other = sequence(other).before)
      if (queue_->outranks(waiting_of(slot), waiting_of(other))) slot = other;
  }
  return slot;
}

bool Lane::front_outranks(int slot, int gap) const {
  const auto priority = [&](const Waiting& one) {
    const auto index = static_cast<std::size_t>(one.service_class);
    return index < limits_.classes.size() ? limits_.classes[index].priority : 0;
  };
  const Waiting& next = queue_->front();
  return queue_->outranks(next, waiting_of(slot)) && priority(waiting_of(slot)) - priority(next) >= gap;
}

bool Lane::yields_to_front(int gap) const {
  if (running_ == 0 || !queue_->ranks() || !front_outranks(last_in_rank(), gap)) return false;
  std::int64_t room = available();
  for (int slot = sequences_[0].before; slot != 0; slot = sequence(slot).before) {
    const Sequence& s = sequence(slot);
    if (!front_outranks(slot, gap)) continue;
    const std::int64_t made = s.decoding ? (step_ - s.decoding_since) * limits_.step_sixteenths / 16 : 0;
    room += blocks_for(s.computed + made) - static_cast<std::int64_t>(s.held) * prefix_blocks();
  }
  return blocks_for(front().target - front_cached()) <= room;
}

int Lane::preempt() {
  SOCLE_CHECK(running_ > 0, "what is preempted runs");
  const int slot = last_in_rank();
  Sequence& s = sequences_[static_cast<std::size_t>(slot)];
  const bool decoded = s.decoding && step_ > s.decoding_since;
  drop(slot);
  if (decoded) s.last_token = last_decode_;
  ++s.preemptions;
  last_preemption_ = step_;
  s.target = s.request.input + s.generated;
  s.computed = 0;
  queue_->push_again(waiting_of(slot));
  return slot;
}

}  // namespace socle::serve
