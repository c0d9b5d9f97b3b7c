#include "socle/serve/adapter_cache.hpp"

#include <utility>

#include "socle/base/check.hpp"

namespace socle::serve {

bool AdapterCache::has_room(int adapter) const {
  const auto found = entries_.find(adapter);
  return (found != entries_.end() && found->second.users > 0) || used_ < serving_.slots;
}

void AdapterCache::free_slot() {
  auto oldest = entries_.end();
  for (auto at = entries_.begin(); at != entries_.end(); ++at) {
    if (!at->second.in_slot || at->second.users > 0) continue;
    if (oldest == entries_.end() || at->second.last_use < oldest->second.last_use) oldest = at;
  }
  SOCLE_CHECK(oldest != entries_.end(), "a slot is free, or given away by an adapter that nobody uses");
  oldest->second.in_slot = false;
  --in_slots_;
}

void AdapterCache::free_host() {
  auto oldest = entries_.end();
  for (auto at = entries_.begin(); at != entries_.end(); ++at) {
    if (at->second.in_slot) continue;
    if (oldest == entries_.end() || at->second.last_use < oldest->second.last_use) oldest = at;
  }
  if (oldest != entries_.end()) entries_.erase(oldest);
}

void AdapterCache::use(int adapter) {
  SOCLE_CHECK(has_room(adapter), "an adapter that runs has a slot");
  auto [at, is_new] = entries_.try_emplace(adapter);
  at->second.last_use = ++uses_;
  if (at->second.users++ > 0) return;
  ++used_;
  if (at->second.in_slot) return;
  ++(is_new ? loads_.from_disk : loads_.from_host);
  if (in_slots_ == serving_.slots) free_slot();
  at->second.in_slot = true;
  ++in_slots_;
  while (std::cmp_greater(entries_.size(), serving_.host)) free_host();
}

void AdapterCache::release(int adapter) {
  const auto found = entries_.find(adapter);
  SOCLE_CHECK(found != entries_.end() && found->second.users > 0, "an adapter is released by who uses it");
  if (--found->second.users == 0) --used_;
}

AdapterLoads AdapterCache::take_loads() { return std::exchange(loads_, AdapterLoads{}); }

}  // namespace socle::serve
