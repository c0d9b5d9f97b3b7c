#include "socle/catalog/trust.hpp"

#include <gtest/gtest.h>

namespace socle::catalog {
namespace {

bool doubted(const char* confidence, const char* checked, std::string_view word) {
  return doubtful({"source", confidence, checked, ""}, {word});
}

TEST(Trust, AFieldReadInItsSourceIsNotDoubted) {
  EXPECT_FALSE(doubted("datasheet", "seen", "bf16"));
  EXPECT_FALSE(doubted("datasheet", "seen:bf16,mem; recall:rest", "bf16"));
  EXPECT_TRUE(doubted("datasheet", "seen:bf16,mem; recall:rest", "tdp"));
  EXPECT_TRUE(doubted("reported", "seen:price; estimate:power", "power"));
  EXPECT_FALSE(doubted("reported", "seen:price; estimate:power", "price"));
  EXPECT_TRUE(doubted("datasheet", "recall", "bf16"));
}

TEST(Trust, AnEstimateIsAlwaysDoubted) { EXPECT_TRUE(doubted("estimate", "seen", "bf16")); }

TEST(Trust, MatchesWholeWordsOnly) {
  EXPECT_FALSE(doubted("datasheet", "seen:mem; recall:memory type", "mem"));
  EXPECT_FALSE(doubted("datasheet", "recall:bf16x", "bf16"));
}

}  // namespace
}  // namespace socle::catalog
