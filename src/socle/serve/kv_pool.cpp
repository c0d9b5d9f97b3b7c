#include "socle/serve/kv_pool.hpp"

#include <algorithm>
#include <numeric>

#include "socle/base/check.hpp"

namespace socle::serve {

KvPool::KvPool(std::int64_t blocks, int block_tokens)
    : blocks_(blocks), block_tokens_(block_tokens), filling_(static_cast<std::size_t>(std::max(block_tokens, 1)), 0) {
  SOCLE_CHECK(blocks >= 0 && block_tokens >= 1, "a cache has blocks of at least one token");
}

void KvPool::take(std::int64_t count) {
  SOCLE_CHECK(count >= 0 && count <= free(), "a cache is never overcommitted");
  used_ += count;
}

void KvPool::give_back(std::int64_t count) {
  SOCLE_CHECK(count >= 0 && count <= used_, "no more blocks come back than were taken");
  used_ -= count;
}

// A sequence whose tokens are a multiple of the block takes a block in the next step. Over whole cycles of block_tokens
// steps each sequence takes one; of the rest, those of the phases that come up.
std::int64_t KvPool::needs(std::int64_t steps) const {
  const std::int64_t cycles = steps / block_tokens_;
  std::int64_t needed = 0;
  if (cycles > 0) needed = cycles * std::accumulate(filling_.begin(), filling_.end(), std::int64_t{0});
  for (std::int64_t i = 0; i < steps % block_tokens_; ++i) needed += filling_[phase(-i)];
  return needed;
}

std::int64_t KvPool::steps_that_fit(std::int64_t most, std::int64_t available) const {
  if (needs(most) <= available) return most;
  const std::int64_t each = std::accumulate(filling_.begin(), filling_.end(), std::int64_t{0});
  std::int64_t steps = available / each * block_tokens_;  // whole cycles; `each` is not 0, else nothing were needed
  std::int64_t left = available - needs(steps);
  while (steps < most && (left -= filling_[phase(-steps)]) >= 0) ++steps;
  return std::min(steps, most);
}

void KvPool::decode(std::int64_t steps) {
  take(needs(steps));
  grown_ += steps;
}

}  // namespace socle::serve
