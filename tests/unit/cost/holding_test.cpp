#include "socle/cost/holding.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "socle/base/random.hpp"

namespace socle::cost {
namespace {

/// Half 600, else 800 or 1200: mean 780. Held 10 a year, at work 12, rented 30.
HoldingQuestion usual() {
  return {.demand = {{0.5, 600}, {0.3, 800}, {0.2, 1200}}, .idle = 10, .at_work = 12, .rented = 30};
}

TEST(Holding, HoldsWhatIsNeededOftenEnough) {
  // One chip more is worth it while it works with more than idle / (rented - at_work + idle) = 10 / 28 = 0.36:
  // beyond 600 with 0.5, beyond 800 with 0.2 only. 800 held: 8000 + 2 * (0.5 * 600 + 0.5 * 800) + 30 * 0.2 * 400 =
  // 11800.
  const Holding holding = decide_holding(usual());
  EXPECT_EQ(holding.held, 800);
  EXPECT_DOUBLE_EQ(holding.cost, 11'800);
  // Known before: 12 each, 12 * 780 = 9360. For the mean: 780 held, 7800 + 2 * (300 + 390) + 30 * (6 + 84) = 11880.
  EXPECT_DOUBLE_EQ(holding.known_demand, 9'360);
  EXPECT_EQ(holding.held_for_mean, 780);
  EXPECT_DOUBLE_EQ(holding.cost_for_mean, 11'880);
  EXPECT_DOUBLE_EQ(holding.knowing_saves(), 2'440);
  EXPECT_DOUBLE_EQ(holding.planning_saves(), 80);
  // The worst tenth is 1200: 8000 + 2 * 800 + 30 * 400 = 21600.
  EXPECT_DOUBLE_EQ(holding.worst_tenth, 21'600);
  ASSERT_EQ(holding.outcomes.size(), 3u);
  EXPECT_EQ(holding.outcomes[0].idle, 200);
  EXPECT_EQ(holding.outcomes[2].rented, 400);
}

TEST(Holding, ABudgetOfNothingHoldsNothingAndSaysWhatItWouldBeWorth) {
  HoldingQuestion question = usual();
  question.budget = 0;
  const Holding holding = decide_holding(question);
  EXPECT_EQ(holding.held, 0);
  EXPECT_DOUBLE_EQ(holding.cost, 30 * 780);
  // The first chip always works: 30 - 12 = 18 saved for 10.
  EXPECT_DOUBLE_EQ(*holding.budget_worth, 1.8);
  question.demand.clear();
  question.demand = {{1.0, 0}};
  EXPECT_EQ(decide_holding(question).cost, 0);
}

TEST(Holding, ABudgetThatDoesNotBindIsWorthNothing) {
  HoldingQuestion question = usual();
  question.budget = 1e6;
  EXPECT_EQ(decide_holding(question).held, 800);
  EXPECT_EQ(*decide_holding(question).budget_worth, 0);
  question.budget = 7'000;  // 700 chips
  EXPECT_EQ(decide_holding(question).held, 700);
  // The next chip works half of the time: 0.5 * 18 - 0.5 * 10 = 4 saved for 10.
  EXPECT_NEAR(*decide_holding(question).budget_worth, 0.4, 1e-9);
}

TEST(Holding, OneCaseIsASureDemand) {
  HoldingQuestion question = usual();
  question.demand = {{1.0, 500}};
  const Holding holding = decide_holding(question);
  EXPECT_EQ(holding.held, 500);
  EXPECT_NEAR(holding.knowing_saves(), 0, 1e-6);
  EXPECT_NEAR(holding.planning_saves(), 0, 1e-6);
}

TEST(Holding, NothingIsHeldWhereRentIsCheaper) {
  HoldingQuestion question = usual();
  question.rented = 11;
  EXPECT_EQ(decide_holding(question).held, 0);
}

TEST(Holding, IsTheLeastOfAllHoldingsAndBetweenItsBounds) {
  const RandomStream stream(11, 7);
  for (std::uint64_t round = 0; round < 300; ++round) {
    const auto draw = [&](std::uint64_t what) { return stream.uniform(what, round); };
    HoldingQuestion question{.demand = {},
                             .idle = 10 * draw(1),
                             .at_work = 15 * draw(2),
                             .rented = 30 * draw(3),
                             .unit = 1 + static_cast<int>(8 * draw(4))};
    if (draw(5) < 0.5) question.budget = 500 * draw(6);
    double left = 1;
    for (std::uint64_t i = 0; i < 4; ++i) {
      const double share = i < 3 ? left * draw(10 + i) : left;
      question.demand.push_back({share, static_cast<int>(120 * draw(20 + i))});
      left -= share;
    }
    const Holding holding = decide_holding(question);
    EXPECT_LE(holding.known_demand, holding.cost + 1e-6);
    EXPECT_LE(holding.cost, holding.cost_for_mean + 1e-6);
    EXPECT_GE(holding.worst_tenth, holding.cost - 1e-6);
    double least = 1e300;  // tried one by one
    for (int held = 0; held <= 128 + question.unit; held += question.unit) {
      if (question.budget && question.idle * held > *question.budget + 1e-9) break;
      double sum = 0;
      for (const DemandCase& one : question.demand) {
        const int used = std::min(held, one.chips);
        sum += one.share *
               (question.at_work * used + question.idle * (held - used) + question.rented * (one.chips - used));
      }
      least = std::min(least, sum);
    }
    EXPECT_NEAR(holding.cost, least, 1e-6) << round;
  }
}

TEST(HoldingDeathTest, SharesAddUp) {
  HoldingQuestion question = usual();
  question.demand.pop_back();
  EXPECT_DEATH(decide_holding(question), "shares add up to 1");
}

}  // namespace
}  // namespace socle::cost
