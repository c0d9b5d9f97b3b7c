#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "socle/net/clock.hpp"

namespace socle::net {

/// Expected ends of flows, most of which are overtaken by a new expectation before they come.
///
/// Flows whose rates changed together form a group that waits for its earliest end only: no flow costs a place in the
/// heap. When a group comes up again with most of its members still as expected, it is sorted once and then walked.
/// Expectations are numbered by version; those that are not a flow's latest are dropped when met.
class FinishQueue {
 public:
  struct Entry {
    Picoseconds time = 0;
    std::uint32_t flow = 0, version = 0;
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };

  /// Adds to the group that is being gathered.
  void expect(const Entry& entry) { gathered_.push_back(entry); }
  /// Closes the group.
  void commit();
  bool empty() const { return heap_.empty(); }
  /// No later than the next end that still holds.
  Picoseconds next_time() const { return heap_.front().time; }

  /// Appends the flows that end at next_time() to `ended`; `valid(entry)` tells whether an expectation still holds.
  template <typename Valid>
  void take(Valid valid, std::vector<std::uint32_t>& ended);

 private:
  struct Node {
    Picoseconds time;
    std::uint32_t sequence, group;
    friend auto operator<=>(const Node&, const Node&) = default;
  };
  struct Group {
    std::vector<Entry> entries;
    std::size_t next = 0;  ///< sorted groups: the first not yet taken
    bool sorted = false, seen = false;
  };
  void push(std::uint32_t group, Picoseconds time);
  std::uint32_t pop();
  void release(std::uint32_t group);
  void settle(std::uint32_t group, std::size_t before);

  std::vector<Entry> gathered_;
  std::vector<Node> heap_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> free_;
  std::uint32_t sequence_ = 0;
};

template <typename Valid>
void FinishQueue::take(Valid valid, std::vector<std::uint32_t>& ended) {
  const Picoseconds now = next_time();
  const std::uint32_t id = pop();
  Group& group = groups_[id];
  if (group.sorted) {
    auto& entries = group.entries;
    while (group.next < entries.size() && (entries[group.next].time == now || !valid(entries[group.next]))) {
      if (valid(entries[group.next])) ended.push_back(entries[group.next].flow);
      ++group.next;
    }
    return group.next < entries.size() ? push(id, entries[group.next].time) : release(id);
  }
  const std::size_t before = group.entries.size();
  std::size_t kept = 0;
  for (const Entry entry : group.entries) {
    if (!valid(entry)) continue;
    if (entry.time == now)
      ended.push_back(entry.flow);
    else
      group.entries[kept++] = entry;
  }
  group.entries.resize(kept);
  settle(id, before);
}

}  // namespace socle::net
