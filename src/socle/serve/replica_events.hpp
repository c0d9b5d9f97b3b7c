#pragma once

#include <cstddef>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "socle/serve/replica.hpp"

namespace socle::serve {

/// When something happens next at each replica, the earliest first, and what all of them have to do together. Entries
/// that are no longer true are passed over.
class ReplicaEvents {
 public:
  /// To be called when something happened at the replica.
  void note(const std::vector<Replica>& replicas, std::size_t index) {
    if (replicas[index].next() != kNever) entries_.push({replicas[index].next(), index});
    count(replicas, index);
  }
  /// To be called when nothing changed but what it has to do.
  void count(const std::vector<Replica>& replicas, std::size_t index) {
    const Replica& replica = replicas[index];
    if (known_.size() < replicas.size()) known_.resize(replicas.size());
    ReplicaLoad& known = known_[index];
    together_.waiting += replica.load().waiting - known.waiting;
    together_.running += replica.load().running - known.running;
    together_.blocks_used += replica.load().blocks_used - known.blocks_used;
    known = replica.load();
  }
  const ReplicaLoad& together() const { return together_; }
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
  std::vector<ReplicaLoad> known_;
  ReplicaLoad together_;
};

}  // namespace socle::serve
