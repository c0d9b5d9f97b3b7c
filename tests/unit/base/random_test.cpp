#include "socle/base/random.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace socle {
namespace {

TEST(Philox, GivesThePublishedAnswers) {
  using Words = std::array<std::uint32_t, 4>;
  // Known answers published with Random123.
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const std::uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox4x32({ones, ones, ones, ones}, {ones, ones}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
}

TEST(RandomStream, MeansAreThoseOfTheDistributions) {
  const RandomStream stream(7, 1);
  const int draws = 100000;
  double uniform = 0, normal = 0, square = 0, exponential = 0;
  for (int i = 0; i < draws; ++i) {
    uniform += stream.uniform(1, i);
    const double z = stream.normal(2, i);
    normal += z;
    square += z * z;
    exponential += stream.exponential(3.0, 3, i);
    EXPECT_LT(stream.below(10, 4, i), 10u);
  }
  // Four standard errors: sigma / sqrt(100,000) is 0.0009, 0.0032, 0.0045 and 0.0095.
  EXPECT_NEAR(uniform / draws, 0.5, 0.004);
  EXPECT_NEAR(normal / draws, 0.0, 0.013);
  EXPECT_NEAR(square / draws, 1.0, 0.018);
  EXPECT_NEAR(exponential / draws, 3.0, 0.038);
}

TEST(RandomStream, DependsOnNamesOnly) {
  EXPECT_EQ(RandomStream(1, 2).bits(3, 4), RandomStream(1, 2).bits(3, 4));
  EXPECT_NE(RandomStream(1, 2).bits(3, 4), RandomStream(1, 3).bits(3, 4));
  EXPECT_NE(RandomStream(1, 2).bits(3, 4), RandomStream(1, 2).bits(4, 3));
}

TEST(RandomCursor, GivesTheSameDrawsWhoeverAsks) {
  RandomCursor first(RandomStream(5, 2), 9), second(RandomStream(5, 2), 9), other(RandomStream(5, 2), 10);
  double sum = 0, square = 0;
  const int draws = 100000;
  for (int i = 0; i < draws; ++i) {
    const double z = first.normal();
    EXPECT_EQ(z, second.normal());
    EXPECT_NE(z, other.normal());
    sum += z;
    square += z * z;
  }
  EXPECT_NEAR(sum / draws, 0, 0.02);
  EXPECT_NEAR(square / draws, 1, 0.02);
}

TEST(NormalQuantile, UndoesTheDistribution) {
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-15);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-13);
  EXPECT_NEAR(normal_quantile(1e-10), -6.361340902404056, 1e-9);
}

}  // namespace
}  // namespace socle
