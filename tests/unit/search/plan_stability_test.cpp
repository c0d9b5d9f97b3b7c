#include "socle/search/plan_stability.hpp"

#include <gtest/gtest.h>

#include "socle/search/plan_verdict.hpp"

namespace socle::search {
namespace {

using F = cost::CostFactor;

/// Ten days of 16 rented chips at a rent between `low` and `high`; goodput 0.8, always working.
PlannedOffer rented(const char* name, std::uint64_t machine, cost::Uncertain rent) {
  OfferCosts costs{.factors = {}, .currency = Currency::kUsd, .network = {}, .machine = machine, .rated_per_node = {}};
  const auto set = [&](F factor, cost::Uncertain value) {
    costs.factors[cost::index_of(factor)] =
        cost::Factor{.value = value, .foreign = false, .basis = {}, .date = {}, .confidence = "given"};
  };
  set(F::kOnDemand, rent), set(F::kGoodput, {0.8, 0.8, 0.8}), set(F::kUtilisation, {1, 1, 1});
  PlannedOffer offer{.name = name,
                     .nodes = 2,
                     .chips = 16,
                     .best = RankedLayout{},
                     .counts = {},
                     .infeasible = {},
                     .run = Seconds{864000.0},
                     .energy = {},
                     .cost = {},
                     .cost_basis = {},
                     .capex = {},
                     .broken = {},
                     .verdict = {}};
  offer.money = money_of_run(costs, 2, 16, offer.run);
  take_way({}, Currency::kUsd, offer);
  return offer;
}

Plan judged(std::vector<PlannedOffer> offers) {
  Plan plan;
  plan.offers = std::move(offers);
  judge(plan);
  return plan;
}

TEST(PlanMoney, CountsFailuresInTimeAndMoney) {
  // 16 chips x 240 h x 2 USD / 0.8 = 9,600 USD; ten days take 12.5.
  const PlannedOffer offer = rented("a", 1, {2, 2, 2});
  EXPECT_NEAR(offer.cost->amount, 9600, 1e-9);
  EXPECT_EQ(offer.cost_basis, "rent on demand");
  EXPECT_DOUBLE_EQ(finish_of(offer).value(), 12.5 * 86400);
}

TEST(PlanMoney, AWayThatBreaksALimitIsNotTaken) {
  PlannedOffer offer = rented("a", 1, {2, 2, 2});
  PlanLimits limits;
  limits.opex = Money{9000, Currency::kUsd};
  apply_limits(limits, true, offer);
  EXPECT_EQ(offer.broken.size(), 1U);  // the only way there is
}

TEST(Stability, SharesDrawsByWhatIsUncertain) {
  // Uniformly symmetric triangles from 1 to 3 and a sure 2: each wins half of the time.
  const Stability even = stability_of(judged({rented("a", 1, {1, 2, 3}), rented("b", 2, {2, 2, 2})}), 4000, 1);
  EXPECT_NEAR(even.offers[0]->wins, 0.5, 0.03);
  EXPECT_NEAR(even.offers[0]->wins + even.offers[1]->wins, 1.0, 1e-12);
  EXPECT_NEAR(even.offers[1]->p50, 9600, 1e-9);
  EXPECT_NEAR(even.offers[0]->p90 / 4800, 2.5528, 0.03);  // 3 - sqrt(0.1 x 2)
}

TEST(Stability, TheSameMachineSeesTheSameDraws) {
  const Stability same = stability_of(judged({rented("a", 7, {1, 2, 3}), rented("b", 7, {1, 2, 3})}), 500, 1);
  EXPECT_DOUBLE_EQ(same.offers[0]->wins, 1.0);
  EXPECT_DOUBLE_EQ(same.offers[0]->p90, same.offers[1]->p90);
}

TEST(Stability, NamesTheInputThatTurnsTheOrder) {
  // a at 2 wins over b at 2.2; from 2.2 on, a tenth of the way to 4, it does not.
  const Stability stability = stability_of(judged({rented("a", 1, {1, 2, 4}), rented("b", 2, {2.2, 2.2, 2.2})}), 10, 1);
  EXPECT_EQ(stability.turned_by, "a: rent on demand of 2.2 instead of 2 makes b the cheapest");
  EXPECT_EQ(stability_of(judged({rented("a", 1, {2, 2, 2}), rented("b", 2, {3, 3, 3})}), 10, 1).turned_by, "");
}

}  // namespace
}  // namespace socle::search
