#include "socle/cost/run_cost.hpp"

#include <gtest/gtest.h>

namespace socle::cost {
namespace {

constexpr Seconds kDay{86400.0};

TEST(RunCost, RentIsChipsTimesHoursTimesRate) {
  // 16 chips, 10 days of 24 hours, 2 USD: 16 * 240 * 2 = 7,680 USD.
  const auto cost = run_cost({.rent_per_chip_hour = Money{2.0, Currency::kUsd}, .price = {}}, 16, 10 * kDay);
  ASSERT_TRUE(cost);
  EXPECT_DOUBLE_EQ(cost->money.amount, 7680.0);
  EXPECT_EQ(cost->money.currency, Currency::kUsd);
  EXPECT_EQ(cost->basis, "rent");
}

TEST(RunCost, BoughtHardwareCostsItsShareOfAStraightLineLife) {
  // A year of 365.25 days is a fifth of five years: 1/5 of 5,000,000 CNY.
  const auto cost = run_cost({.rent_per_chip_hour = {}, .price = Money{5e6, Currency::kCny}}, 64, 365.25 * kDay);
  ASSERT_TRUE(cost);
  EXPECT_NEAR(cost->money.amount, 1e6, 1e-6);
  EXPECT_EQ(cost->money.currency, Currency::kCny);
  EXPECT_EQ(cost->basis, "hardware, straight line over 5 years");
}

TEST(RunCost, ALongerLifeMakesARunCheaper) {
  // A quarter of a life of four years is one year.
  const auto cost =
      run_cost({.rent_per_chip_hour = {}, .price = Money{4e6, Currency::kUsd}, .life_years = 4.0}, 8, 365.25 * kDay);
  ASSERT_TRUE(cost);
  EXPECT_NEAR(cost->money.amount, 1e6, 1e-6);
  EXPECT_EQ(cost->basis, "hardware, straight line over 4 years");
}

TEST(RunCost, RentGoesBeforeThePriceOfTheSameHardware) {
  // Who rents does not pay for the hardware too: 8 chips * 1 hour * 3 USD.
  const auto cost = run_cost({.rent_per_chip_hour = Money{3.0, Currency::kUsd}, .price = Money{1e6, Currency::kUsd}}, 8,
                             Seconds{3600.0});
  ASSERT_TRUE(cost);
  EXPECT_DOUBLE_EQ(cost->money.amount, 24.0);
  EXPECT_EQ(cost->basis, "rent");
}

TEST(RunCost, WithoutAPriceThereIsNoCostRatherThanAFreeRun) {
  EXPECT_FALSE(run_cost({.rent_per_chip_hour = {}, .price = {}}, 8, kDay));
}

TEST(RunCost, ARunWithoutLengthCostsNothing) {
  EXPECT_DOUBLE_EQ(
      run_cost({.rent_per_chip_hour = Money{3.0, Currency::kUsd}, .price = {}}, 8, Seconds{})->money.amount, 0.0);
}

TEST(RunCostDeathTest, ARunHasChipsAndALength) {
  EXPECT_DEATH(run_cost({.rent_per_chip_hour = Money{3.0, Currency::kUsd}, .price = {}}, 0, kDay),
               "a run has chips and a length");
  EXPECT_DEATH(run_cost({.rent_per_chip_hour = Money{3.0, Currency::kUsd}, .price = {}}, 8, Seconds{-1.0}),
               "a run has chips and a length");
}

}  // namespace
}  // namespace socle::cost
