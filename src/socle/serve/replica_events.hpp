#pragma once

#include <cstddef>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "socle/serve/replica.hpp"

namespace socle::serve {

/// When something happens next at each replica, the earliest first. Entries that are no longer true are passed over.
class ReplicaEvents {
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

}  // namespace socle::serve
