#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace socle::serve {

/// Blocks of prompts that stay in the cache after their request, by the name of their content. A name stands for so
/// many tokens (and cache blocks) whatever it is; what a running request uses is not evicted, the rest goes least
/// recently used first, the end of a prompt before its beginning.
class PrefixCache {
 public:
  /// Names at the front of the list that are cached. Linear in the answer.
  std::size_t find(std::span<const std::int64_t> names) const;
  bool contains(std::int64_t name) const { return at_.contains(name); }
  /// A request uses these; all of them are cached.
  void hold(std::span<const std::int64_t> names);
  /// It does so no more.
  void release(std::span<const std::int64_t> names);
  /// The content was computed, and its request holds it. False when it was cached already.
  bool insert(std::int64_t name);
  /// Names that no request holds.
  std::int64_t evictable() const { return evictable_; }
  /// The same among these, all of which are cached.
  std::int64_t evictable(std::span<const std::int64_t> names) const;
  std::int64_t size() const { return static_cast<std::int64_t>(at_.size()); }
  /// Forgets the least recently used. Requires: evictable() > 0.
  void evict();

 private:
  struct Entry {
    std::int64_t name = 0;
    int holders = 0;
    int before = 0, after = 0;  ///< neighbours in the order of last use; 0 is the ring's head
  };
  void unlink(int index);
  void append(int index);

  std::unordered_map<std::int64_t, int> at_;
  std::vector<Entry> entries_ = std::vector<Entry>(1);  ///< [0] heads the ring of what may be evicted
  std::vector<int> spare_;
  std::int64_t evictable_ = 0;
};

}  // namespace socle::serve
