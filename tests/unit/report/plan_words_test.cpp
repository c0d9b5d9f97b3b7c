#include "socle/report/plan/plan_words.hpp"

#include <gtest/gtest.h>

namespace socle::report {
namespace {

TEST(PlanWords, TakeTheCheapestWayThatIsKnown) {
  search::PlannedOffer offer{.name = "a",
                             .best = {},
                             .counts = {},
                             .infeasible = {},
                             .cost = {},
                             .cost_basis = {},
                             .capex = {},
                             .broken = {},
                             .verdict = {}};
  EXPECT_FALSE(owned_cost(offer));
  offer.cost = Money{7, Currency::kCny};
  offer.money.emplace();
  offer.money->run_cost[static_cast<std::size_t>(cost::Way::kBuild)] = 9;  // nobody quotes space
  EXPECT_EQ(*owned_cost(offer), (Money{9, Currency::kCny}));
  EXPECT_FALSE(rented_cost(offer));
  offer.money->run_cost[static_cast<std::size_t>(cost::Way::kReserved)] = 7;
  EXPECT_EQ(*rented_cost(offer), (Money{7, Currency::kCny}));
  offer.money->run_cost[static_cast<std::size_t>(cost::Way::kColocate)] = 8;
  EXPECT_EQ(owned_cost(offer)->amount, 8);
}

}  // namespace
}  // namespace socle::report
