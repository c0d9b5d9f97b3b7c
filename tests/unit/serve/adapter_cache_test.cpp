#include "socle/serve/adapter_cache.hpp"

#include <gtest/gtest.h>

namespace socle::serve {
namespace {

TEST(AdapterCache, ASlotIsGivenAwayWhenNobodyUsesItTheOldestFirst) {
  AdapterCache cache({.slots = 2, .host = 3});
  cache.use(1);
  cache.use(2);
  cache.use(1);  // a second request of it
  EXPECT_EQ(cache.in_use(), 2);
  EXPECT_FALSE(cache.has_room(3));
  EXPECT_TRUE(cache.has_room(2));
  EXPECT_EQ(cache.take_loads().from_disk, 2);
  cache.release(1);
  EXPECT_FALSE(cache.has_room(3));  // the other request still runs
  cache.release(1);
  cache.use(3);  // in place of 1, which stays in the host's memory
  cache.release(2);
  cache.use(1);  // in place of 2
  const AdapterLoads loads = cache.take_loads();
  EXPECT_EQ(loads.from_disk, 1);
  EXPECT_EQ(loads.from_host, 1);
  EXPECT_EQ(cache.take_loads().all(), 0);
}

TEST(AdapterCache, TheHostForgetsTheLeastRecentlyUsedThatIsInNoSlot) {
  AdapterCache cache({.slots = 1, .host = 2});
  for (const int adapter : {1, 2, 3}) {  // 1 is forgotten as 3 comes
    cache.use(adapter);
    cache.release(adapter);
  }
  EXPECT_EQ(cache.take_loads().from_disk, 3);
  cache.use(2);
  cache.release(2);
  EXPECT_EQ(cache.take_loads().from_host, 1);
  cache.use(1);
  EXPECT_EQ(cache.take_loads().from_disk, 1);
}

TEST(AdapterCache, WhatIsInItsSlotIsNotCopiedAgain) {
  AdapterCache cache({.slots = 2, .host = 2});
  for (int i = 0; i < 5; ++i) {
    cache.use(i % 2);
    cache.release(i % 2);
  }
  EXPECT_EQ(cache.take_loads().all(), 2);
}

}  // namespace
}  // namespace socle::serve
