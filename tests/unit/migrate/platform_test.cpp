#include "socle/migrate/platform.hpp"

#include <set>

#include <gtest/gtest.h>

#include "socle/migrate/translation.hpp"

namespace socle::migrate {
namespace {

TEST(Platform, EachHasAKeyAVendorAndASource) {
  const auto all = platforms(catalog::Catalog());
  std::set<std::string> keys;
  for (const Platform& platform : all) {
    EXPECT_TRUE(keys.insert(platform.key).second) << platform.key;
    EXPECT_FALSE(platform.vendor.empty()) << platform.key;
    EXPECT_FALSE(platform.source.empty()) << platform.key;
  }
  ASSERT_NE(find_platform(all, "ascend"), nullptr);
  EXPECT_EQ(find_platform(all, "ascend")->backend, "hccl");
  EXPECT_EQ(find_platform(all, "nothing"), nullptr);
}

TEST(Platform, IsFoundByTheVendorOfAChip) {
  const auto all = platforms(catalog::Catalog());
  EXPECT_EQ(platform_of_vendor(all, "Moore Threads")->key, "musa");
  EXPECT_EQ(platform_of_vendor(all, "Google"), nullptr);
}

TEST(Translation, OnlyWhatStandsInTheWayBlocks) {
  EXPECT_TRUE(blocks(Change::kNoEquivalent));
  EXPECT_TRUE(blocks(Change::kUnknown));
  EXPECT_FALSE(blocks(Change::kDroppedPerformance));
  EXPECT_STREQ(change_key(Change::kUnknown), "unknown");
  EXPECT_STREQ(change_key(Change::kDroppedHarmless), "dropped_harmless");
}

}  // namespace
}  // namespace socle::migrate
