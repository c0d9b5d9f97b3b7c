#include "socle/serve/kv_pool.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "socle/base/random.hpp"

namespace socle::serve {
namespace {

TEST(KvPool, ASequenceTakesABlockWhenItsLastIsFull) {
  // 16 tokens fill a block of 16: the next step needs another. 17 tokens have 15 places left.
  KvPool pool(10, 16, 1);
  pool.begin_decode(16);
  pool.begin_decode(17);
  EXPECT_EQ(pool.next_step_needs(), 1);
  EXPECT_EQ(pool.needs(15), 1);
  EXPECT_EQ(pool.needs(16), 2);  // the second fills its last place in step 15 and asks in step 16
  EXPECT_EQ(pool.needs(17), 3);  // and the first again
  EXPECT_EQ(pool.steps_that_fit(100, 2), 16);
  EXPECT_EQ(pool.steps_that_fit(10, 2), 10);
}

/// The same by counting blocks one sequence and step at a time.
std::int64_t counted(const std::vector<std::int64_t>& units, std::int64_t steps, int block, int growth) {
  std::int64_t needed = 0;
  for (const std::int64_t u : units) {
    const auto blocks = [&](std::int64_t at) { return (at + block - 1) / block; };
    needed += blocks(u + steps * growth) - blocks(u);
  }
  return needed;
}

TEST(KvPool, NeedsAreThoseOfEverySequenceCountedAlone) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    const RandomStream random(seed, 11);
    const int growth = seed % 2 == 0 ? 1 : 1 + static_cast<int>(random.below(40, 0, 0));
    const int block = growth == 1 ? 16 : 256;
    KvPool pool(1'000'000, block, growth);
    std::vector<std::int64_t> units;
    for (std::uint64_t i = 0; i < 30; ++i) {
      units.push_back(1 + static_cast<std::int64_t>(random.below(5000, i, 1)));
      pool.begin_decode(units.back());
    }
    for (int turn = 0; turn < 5; ++turn) {
      for (const std::int64_t steps : {1, 2, 7, 16, 33, 500}) {
        ASSERT_EQ(pool.needs(steps), counted(units, steps, block, growth)) << "seed " << seed << " steps " << steps;
        const std::int64_t enough = pool.needs(steps);
        const std::int64_t fit = pool.steps_that_fit(1000, enough);
        ASSERT_LE(pool.needs(fit), enough);
        ASSERT_GT(pool.needs(fit + 1), enough);
      }
      pool.decode(3);
      for (std::int64_t& u : units) u += 3 * growth;
    }
  }
}

TEST(KvPoolDeath, IsNeverOvercommitted) {
  KvPool pool(2, 16, 1);
  EXPECT_DEATH(pool.take(3), "never overcommitted");
  EXPECT_DEATH(pool.give_back(1), "no more blocks come back");
}

}  // namespace
}  // namespace socle::serve
