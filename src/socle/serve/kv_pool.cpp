#include "socle/serve/kv_pool.hpp"

#include <algorithm>
#include <numeric>

#include "socle/base/check.hpp"

namespace socle::serve {

KvPool::KvPool(std::int64_t blocks, int block_units, int growth)
    : blocks_(blocks),
      block_units_(block_units),
      growth_(growth),
      filling_(static_cast<std::size_t>(std::max(block_units, 1)), 0) {
  SOCLE_CHECK(blocks >= 0 && block_units >= 1 && growth >= 1, "a cache has blocks, and sequences grow");
}

void KvPool::take(std::int64_t count) {
  SOCLE_CHECK(count >= 0 && count <= free(), "a cache is never overcommitted");
  used_ += count;
}

void KvPool::give_back(std::int64_t count) {
  SOCLE_CHECK(count >= 0 && count <= used_, "no more blocks come back than were taken");
  used_ -= count;
}

// A sequence of u units has ceil(u / block) blocks and takes the difference to ceil((u + steps growth) / block). Where
// it grows by one unit, it takes a block whenever u is a multiple of the block: over whole cycles of block_units steps
// each sequence one; of the rest, those of the phases that come up.
std::int64_t KvPool::needs(std::int64_t steps) const {
  std::int64_t needed = 0;
  if (growth_ == 1) {
    const std::int64_t cycles = steps / block_units_;
    if (cycles > 0) needed = cycles * std::accumulate(filling_.begin(), filling_.end(), std::int64_t{0});
    for (std::int64_t i = 0; i < steps % block_units_; ++i) needed += filling_[phase(-i)];
    return needed;
  }
  std::int64_t full = grown_ % block_units_;  // units in the last block of those at the index, 0 when it is full
  for (const std::int64_t here : filling_) {
    if (here > 0) needed += here * (blocks_for(full + steps * growth_) - (full > 0 ? 1 : 0));
    if (++full == block_units_) full = 0;
  }
  return needed;
}

std::int64_t KvPool::steps_that_fit(std::int64_t most, std::int64_t available) const {
  if (needs(most) <= available) return most;
  if (growth_ == 1) {
    const std::int64_t each = std::accumulate(filling_.begin(), filling_.end(), std::int64_t{0});
    std::int64_t steps = available / each * block_units_;  // whole cycles; `each` is not 0, else nothing were needed
    std::int64_t left = available - needs(steps);
    while (steps < most && (left -= filling_[phase(-steps)]) >= 0) ++steps;
    return std::min(steps, most);
  }
  std::int64_t fit = 0, not_fit = most;
  while (not_fit - fit > 1) {
    const std::int64_t middle = fit + (not_fit - fit) / 2;
    (needs(middle) <= available ? fit : not_fit) = middle;
  }
  return fit;
}

void KvPool::decode(std::int64_t steps) {
  take(needs(steps));
  grown_ += steps * growth_;
}

}  // namespace socle::serve
