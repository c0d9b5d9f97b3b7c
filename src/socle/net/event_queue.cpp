#include "socle/net/event_queue.hpp"

#include <algorithm>
#include <functional>

#include "socle/base/check.hpp"
#include "socle/net/selector.hpp"

namespace socle::net {

std::uint32_t EventQueue::slot_of(Picoseconds time, EventClass kind) {
  return static_cast<std::uint32_t>(mix_bits(static_cast<std::uint64_t>(time) * 4 + static_cast<std::uint64_t>(kind)) %
                                    kSlots);
}

void EventQueue::push(Picoseconds time, EventClass kind, Event event) {
  const std::uint32_t slot = slot_of(time, kind);
  if (index_[slot] != kEmpty) {
    Bucket& known = buckets_[index_[slot]];
    if (known.time == time && known.kind == kind) return known.events.push_back(event);
  }
  std::uint32_t bucket = static_cast<std::uint32_t>(buckets_.size());
  if (free_.empty()) {
    buckets_.emplace_back();
  } else {
    bucket = free_.back();
    free_.pop_back();
  }
  buckets_[bucket].time = time;
  buckets_[bucket].kind = kind;
  buckets_[bucket].events.push_back(event);
  index_[slot] = bucket;
  heap_.push_back({time, kind, sequence_++, bucket});
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
}

void EventQueue::pop(std::vector<Event>& events) {
  SOCLE_CHECK(!heap_.empty(), "there is an event to take");
  const Node node = heap_.front();
  std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
  heap_.pop_back();
  Bucket& bucket = buckets_[node.bucket];
  events.clear();
  events.swap(bucket.events);
  bucket.time = -1;
  const std::uint32_t slot = slot_of(node.time, node.kind);
  if (index_[slot] == node.bucket) index_[slot] = kEmpty;
  free_.push_back(node.bucket);
}

}  // namespace socle::net
