#include "socle/serve/tier_cache.hpp"

#include <utility>

#include "socle/base/check.hpp"

namespace socle::serve {

TierCache::Place TierCache::find(std::int64_t name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? Place::kNowhere : found->second.place;
}

void TierCache::store(std::int64_t name) {
  if (!limits_.any()) return;
  const auto [entry, is_new] = entries_.try_emplace(name);
  if (is_new) {
    ++stored_;
    host_.push_front(name);
  } else {
    std::list<std::int64_t>& from = entry->second.place == Place::kHost ? host_ : disk_;
    host_.splice(host_.begin(), from, entry->second.at);
  }
  entry->second = {Place::kHost, host_.begin()};
  spill();
  SOCLE_CHECK(in_host() <= limits_.host && on_disk() <= limits_.disk, "no tier holds more than it has room for");
  SOCLE_CHECK(in_host() + on_disk() == stored_ - forgotten_, "what is stored is there until it is forgotten");
}

void TierCache::spill() {
  while (std::cmp_greater(host_.size(), limits_.host)) {
    const auto last = std::prev(host_.end());
    entries_.at(*last) = {Place::kDisk, last};
    disk_.splice(disk_.begin(), host_, last);
  }
  while (std::cmp_greater(disk_.size(), limits_.disk)) {
    entries_.erase(disk_.back());
    disk_.pop_back();
    ++forgotten_;
  }
}

}  // namespace socle::serve
