#include "socle/answer/serve/plan_mix.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "socle/base/random.hpp"

namespace socle::answer {
namespace {

TEST(PlanMix, TakesTheCheapestWhileThereIsEnoughOfIt) {
  const std::vector<MixOption> options{{.stock = 0, .chips = 4, .capacity = 5, .cost = 8},
                                       {.stock = 1, .chips = 8, .capacity = 4, .cost = 8}};
  const auto mix = cheapest_mix(options, std::vector<int>{100, 100}, 20, 0);
  ASSERT_TRUE(mix);
  EXPECT_EQ(mix->replicas, (std::vector<int>{4, 0}));
  EXPECT_DOUBLE_EQ(mix->cost, 32);
}

TEST(PlanMix, FillsUpWithTheOtherChipWhenTheStockEnds) {
  const std::vector<MixOption> options{{.stock = 0, .chips = 4, .capacity = 5, .cost = 8},
                                       {.stock = 1, .chips = 8, .capacity = 4, .cost = 8}};
  const auto mix = cheapest_mix(options, std::vector<int>{11, 100}, 20, 0);
  ASSERT_TRUE(mix);
  EXPECT_EQ(mix->replicas, (std::vector<int>{2, 3}));
  EXPECT_FALSE(cheapest_mix(options, std::vector<int>{11, 16}, 20, 0));
}

TEST(PlanMix, ASpareReplicaOfEachKindThatIsUsed) {
  const std::vector<MixOption> options{{.stock = 0, .chips = 4, .capacity = 5, .cost = 8},
                                       {.stock = 1, .chips = 8, .capacity = 4, .cost = 8}};
  const auto mix = cheapest_mix(options, std::vector<int>{12, 100}, 20, 1);
  ASSERT_TRUE(mix);
  EXPECT_EQ(mix->replicas, (std::vector<int>{0, 6}));  // 3 + 4 would cost 56
  EXPECT_DOUBLE_EQ(mix->cost, 48);
}

/// Everything that there is, tried.
double least_cost(const std::vector<MixOption>& options, std::vector<int> left, std::size_t at, double rate) {
  if (rate <= 1e-9) return 0;
  if (at == options.size()) return std::numeric_limits<double>::infinity();
  double least = std::numeric_limits<double>::infinity();
  for (int count = 0; count * options[at].chips <= left[options[at].stock]; ++count) {
    std::vector<int> rest = left;
    rest[options[at].stock] -= count * options[at].chips;
    least = std::min(least,
                     count * options[at].cost + least_cost(options, rest, at + 1, rate - count * options[at].capacity));
    if (count * options[at].capacity >= rate) break;
  }
  return least;
}

TEST(PlanMix, IsAsCheapAsTheBestOfAllFleets) {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    const RandomStream random(seed, 11);
    std::uint64_t draw = 0;
    const auto pick = [&](int low, int high) {
      return low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low + 1), 0, draw++));
    };
    std::vector<MixOption> options;
    for (int i = pick(1, 4); i > 0; --i)
      options.push_back({.stock = static_cast<std::size_t>(pick(0, 1)),
                         .chips = pick(1, 4),
                         .capacity = pick(1, 20) / 2.0,
                         .cost = static_cast<double>(pick(1, 9))});
    const std::vector<int> stock{pick(0, 14), pick(0, 14)};
    const double rate = pick(1, 40), least = least_cost(options, stock, 0, rate);
    const auto mix = cheapest_mix(options, stock, rate, 0);
    ASSERT_EQ(mix.has_value(), least < 1e9) << "seed " << seed;
    if (!mix) continue;
    ASSERT_DOUBLE_EQ(mix->cost, least) << "seed " << seed;
    std::vector<int> used{0, 0};
    double carried = 0;
    for (std::size_t i = 0; i < options.size(); ++i) {
      used[options[i].stock] += mix->replicas[i] * options[i].chips;
      carried += mix->replicas[i] * options[i].capacity;
    }
    ASSERT_TRUE(used[0] <= stock[0] && used[1] <= stock[1] && carried >= rate - 1e-6) << "seed " << seed;
  }
}

}  // namespace
}  // namespace socle::answer
