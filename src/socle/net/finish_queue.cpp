#include "socle/net/finish_queue.hpp"

#include <algorithm>
#include <functional>

namespace socle::net {

void FinishQueue::push(std::uint32_t group, Picoseconds time) {
  heap_.push_back({time, sequence_++, group});
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
}

std::uint32_t FinishQueue::pop() {
  std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
  const std::uint32_t group = heap_.back().group;
  heap_.pop_back();
  return group;
}

void FinishQueue::release(std::uint32_t id) {
  groups_[id].entries.clear();
  free_.push_back(id);
}

void FinishQueue::commit() {
  if (gathered_.empty()) return;
  std::uint32_t id = static_cast<std::uint32_t>(groups_.size());
  if (free_.empty()) {
    groups_.emplace_back();
  } else {
    id = free_.back();
    free_.pop_back();
  }
  Group& group = groups_[id];
  group.entries.swap(gathered_);
  group.next = 0;
  group.sorted = group.seen = false;
  push(id, std::min_element(group.entries.begin(), group.entries.end())->time);
}

// Sorting pays when the group stays as it is: at its second coming, if half of it still holds.
void FinishQueue::settle(std::uint32_t id, std::size_t before) {
  Group& group = groups_[id];
  if (group.entries.empty()) return release(id);
  if (group.seen && group.entries.size() * 2 >= before) {
    std::sort(group.entries.begin(), group.entries.end());
    group.sorted = true;
    group.next = 0;
    return push(id, group.entries.front().time);
  }
  group.seen = true;
  push(id, std::min_element(group.entries.begin(), group.entries.end())->time);
}

}  // namespace socle::net
