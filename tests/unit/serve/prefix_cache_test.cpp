#include "socle/serve/prefix_cache.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace socle::serve {
namespace {

using Names = std::vector<std::int64_t>;

TEST(PrefixCache, FindsLeadingNamesOnly) {
  PrefixCache cache;
  for (const std::int64_t name : Names{1, 2, 4}) EXPECT_TRUE(cache.insert(name));
  EXPECT_EQ(cache.find(Names{1, 2, 3, 4}), 2U);
  EXPECT_EQ(cache.find(Names{2, 1}), 2U);
  EXPECT_EQ(cache.find(Names{3}), 0U);
  EXPECT_FALSE(cache.insert(2));
}

TEST(PrefixCache, KeepsWhatIsHeldAndForgetsTheEndOfTheLeastRecentlyUsed) {
  PrefixCache cache;
  for (const std::int64_t name : Names{1, 2, 3, 7, 8}) cache.insert(name);  // inserted names are held
  EXPECT_EQ(cache.evictable(), 0);
  cache.release(Names{1, 2, 3});
  cache.release(Names{7, 8});
  cache.hold(Names{1});
  EXPECT_EQ(cache.evictable(), 4);
  EXPECT_EQ(cache.evictable(Names{1, 2}), 1);
  cache.evict();  // 3: the end of the prompt that was released first
  EXPECT_EQ(cache.find(Names{1, 2, 3}), 2U);
  cache.evict();  // 2; 1 is held
  cache.evict();  // 8
  EXPECT_EQ(cache.find(Names{7, 8}), 1U);
  EXPECT_EQ(cache.find(Names{1}), 1U);
}

}  // namespace
}  // namespace socle::serve
