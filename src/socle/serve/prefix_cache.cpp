#include "socle/serve/prefix_cache.hpp"

#include "socle/base/check.hpp"

namespace socle::serve {

std::size_t PrefixCache::find(std::span<const std::int64_t> names) const {
  std::size_t count = 0;
  while (count < names.size() && at_.contains(names[count])) ++count;
  return count;
}

std::int64_t PrefixCache::evictable(std::span<const std::int64_t> names) const {
  std::int64_t count = 0;
  for (const std::int64_t name : names) count += entries_[static_cast<std::size_t>(at_.at(name))].holders == 0 ? 1 : 0;
  return count;
}

void PrefixCache::unlink(int index) {
  Entry& entry = entries_[static_cast<std::size_t>(index)];
  entries_[static_cast<std::size_t>(entry.before)].after = entry.after;
  entries_[static_cast<std::size_t>(entry.after)].before = entry.before;
  --evictable_;
}

void PrefixCache::append(int index) {
  Entry& entry = entries_[static_cast<std::size_t>(index)];
  entry.before = entries_[0].before;
  entry.after = 0;
  entries_[static_cast<std::size_t>(entry.before)].after = index;
  entries_[0].before = index;
  ++evictable_;
}

void PrefixCache::hold(std::span<const std::int64_t> names) {
  for (const std::int64_t name : names) {
    const int index = at_.at(name);
    if (entries_[static_cast<std::size_t>(index)].holders++ == 0) unlink(index);
  }
}

void PrefixCache::release(std::span<const std::int64_t> names) {
  for (std::size_t i = names.size(); i-- > 0;) {  // the end first, so that it is the first to go
    const int index = at_.at(names[i]);
    Entry& entry = entries_[static_cast<std::size_t>(index)];
    SOCLE_CHECK(entry.holders > 0, "a prefix is released by who holds it");
    if (--entry.holders == 0) append(index);
  }
}

bool PrefixCache::insert(std::int64_t name) {
  const auto [place, is_new] = at_.try_emplace(name, 0);
  if (!is_new) return false;
  if (spare_.empty()) {
    spare_.push_back(static_cast<int>(entries_.size()));
    entries_.emplace_back();
  }
  place->second = spare_.back();
  spare_.pop_back();
  entries_[static_cast<std::size_t>(place->second)] = {name, 1, 0, 0};
  return true;
}

void PrefixCache::evict() {
  SOCLE_CHECK(evictable_ > 0, "something is there to evict");
  const int index = entries_[0].after;
  unlink(index);
  at_.erase(entries_[static_cast<std::size_t>(index)].name);
  spare_.push_back(index);
}

}  // namespace socle::serve
