#pragma once

#include <cstdint>
#include <list>
#include <unordered_map>

namespace socle::serve {

/// Room for named blocks of prompts beyond the chip, in names.
struct TierLimits {
  std::int64_t host = 0, disk = 0;
  bool any() const { return host + disk > 0; }
};

/// Names that were loaded back into the chip's cache.
struct TierLoads {
  std::int64_t from_host = 0, from_disk = 0;
  std::int64_t all() const { return from_host + from_disk; }
};

/// Copies of named blocks in the host's memory and on disk. What is computed is copied to the host at once; what the
/// host has no room for goes to disk, the least recently used first, and what the disk has no room for is forgotten. A
/// name is in one of the two. What is used moves to the host. Sources: SGLang HiCache (write_through, its default),
/// LMCache and vLLM's offloading connector, which store what they compute and look it up before they compute.
class TierCache {
 public:
  enum class Place { kNowhere, kHost, kDisk };

  explicit TierCache(const TierLimits& limits) : limits_(limits) {}

  Place find(std::int64_t name) const;
  /// The content was computed, or used: it is in the host's memory from now on, as far as there is room.
  void store(std::int64_t name);

  std::int64_t in_host() const { return static_cast<std::int64_t>(host_.size()); }
  std::int64_t on_disk() const { return static_cast<std::int64_t>(disk_.size()); }
  /// Names that came and went so far: stored anew less forgotten is what is there.
  std::int64_t stored() const { return stored_; }
  std::int64_t forgotten() const { return forgotten_; }

 private:
  struct Entry {
    Place place = Place::kHost;
    std::list<std::int64_t>::iterator at;
  };
  void spill();

  TierLimits limits_;
  std::list<std::int64_t> host_, disk_;              ///< the most recently used first
  std::unordered_map<std::int64_t, Entry> entries_;  ///< looked up, never walked
  std::int64_t stored_ = 0, forgotten_ = 0;
};

}  // namespace socle::serve
