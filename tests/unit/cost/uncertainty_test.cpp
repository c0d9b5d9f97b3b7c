#include "socle/cost/uncertainty.hpp"

#include <gtest/gtest.h>

namespace socle::cost {
namespace {

using F = CostFactor;

Factors rents(double low, double middle, double high) {
  Factors factors;
  const auto set = [&](F factor, Uncertain value, bool foreign = false) {
    factors[index_of(factor)] =
        Factor{.value = value, .foreign = foreign, .basis = {}, .date = {}, .confidence = "given"};
  };
  set(F::kOnDemand, {low, middle, high});
  set(F::kUtilisation, {0.8, 0.8, 0.8});
  set(F::kGoodput, {0.9, 0.9, 0.9});
  set(F::kExchange, {6, 7, 8});
  return factors;
}
const Plant kPlant{.nodes = 1, .chips = 8, .rated_per_node = {}, .network_power = {}};

TEST(Triangular, HasItsQuantiles) {
  const Uncertain value{1, 2, 5};
  EXPECT_NEAR(triangular(value, 1e-12), 1, 1e-5);
  EXPECT_NEAR(triangular(value, 0.25), 2, 1e-12);  // (2 - 1) / (5 - 1) of the mass lies below the middle
  EXPECT_NEAR(triangular(value, 1 - 1e-12), 5, 1e-5);
  EXPECT_EQ(triangular({3, 3, 3}, 0.7), 3);
}

TEST(MonteCarlo, SpreadsARentAsTheTriangleDoes) {
  // A useful chip-hour costs rent / goodput; 10 % of a symmetric triangle from 1 to 3 lie below 1 + sqrt(0.1 x 2).
  const Draws draws = monte_carlo(kPlant, rents(1, 2, 3), 20'000, 1);
  const auto& spread = draws.useful_chip_hour[static_cast<std::size_t>(Way::kOnDemand)];
  ASSERT_TRUE(spread);
  EXPECT_NEAR(spread->p10 * 0.9, 1.4472, 0.02);
  EXPECT_NEAR(spread->p50 * 0.9, 2.0, 0.02);
  EXPECT_NEAR(spread->p90 * 0.9, 2.5528, 0.02);
  EXPECT_NEAR(draws.wins[static_cast<std::size_t>(Way::kOnDemand)], 1, 1e-9);
  EXPECT_FALSE(draws.useful_chip_hour[static_cast<std::size_t>(Way::kBuild)]);
}

TEST(MonteCarlo, IsTheSameForTheSameSeed) {
  const auto at = [](std::uint32_t seed) {
    return monte_carlo(kPlant, rents(1, 2, 3), 500, seed)
        .useful_chip_hour[static_cast<std::size_t>(Way::kOnDemand)]
        ->p50;
  };
  EXPECT_EQ(at(7), at(7));
  EXPECT_NE(at(7), at(8));
}

TEST(Tornado, MovesForeignAmountsWithTheExchangeRate) {
  Factors factors = rents(2, 2, 2);
  factors[index_of(F::kOnDemand)]->foreign = true;
  const auto swings = tornado(Way::kOnDemand, kPlant, factors);
  ASSERT_EQ(swings.size(), 1U);
  EXPECT_EQ(swings.front().factor, F::kExchange);
  EXPECT_NEAR(swings.front().at_low, 2.0 / 0.9 * 6 / 7, 1e-12);
  EXPECT_NEAR(swings.front().at_high, 2.0 / 0.9 * 8 / 7, 1e-12);
}

}  // namespace
}  // namespace socle::cost
