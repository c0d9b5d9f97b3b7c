#pragma once

#include <compare>
#include <cstdint>
#include <utility>
#include <vector>

#include "socle/net/clock.hpp"

namespace socle::net {

/// What happens at one instant, in the order in which it is handled; ends of flows come before all of it.
enum class EventClass : std::uint32_t { kArrived, kChanged };

/// Events by (time, class, sequence). Events of one time and class share a bucket, so that thousands of flows that
/// arrive together cost one heap operation.
class EventQueue {
 public:
  struct Event {
    std::uint32_t flow, version;
  };

  EventQueue() : index_(kSlots, kEmpty) {}
  bool empty() const { return heap_.empty(); }
  Picoseconds next_time() const { return heap_.front().time; }
  EventClass next_class() const { return heap_.front().kind; }

  void push(Picoseconds time, EventClass kind, Event event);
  /// Takes the earliest bucket; `events` is replaced, in the order of pushing. Requires: !empty().
  void pop(std::vector<Event>& events);

 private:
  struct Node {
    Picoseconds time;
    EventClass kind;
    std::uint32_t sequence, bucket;
    friend auto operator<=>(const Node&, const Node&) = default;
  };
  static constexpr std::uint32_t kSlots = 1024;  // recent buckets by hash of their key; a miss opens a second bucket
  static constexpr std::uint32_t kEmpty = 0xffffffffu;
  static std::uint32_t slot_of(Picoseconds time, EventClass kind);

  struct Bucket {
    Picoseconds time = -1;
    EventClass kind = EventClass::kArrived;
    std::vector<Event> events;
  };
  std::vector<Node> heap_;
  std::vector<Bucket> buckets_;
  std::vector<std::uint32_t> free_, index_;
  std::uint32_t sequence_ = 0;
};

}  // namespace socle::net
