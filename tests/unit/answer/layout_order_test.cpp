#include "socle/answer/validate/layout_order.hpp"

#include <gtest/gtest.h>

namespace socle::answer {
namespace {

ValidationRow run(const char* id, const char* job, double measured, double predicted) {
  ValidationRow row;
  row.id = id, row.job = job, row.metric = "step_s", row.predicted = true;
  row.measured = measured, row.value = predicted;
  return row;
}

TEST(RankCorrelation, IsSpearmans) {
  EXPECT_DOUBLE_EQ(*rank_correlation({1, 2, 3}, {10, 20, 90}), 1);
  EXPECT_DOUBLE_EQ(*rank_correlation({1, 2, 3}, {9, 5, 1}), -1);
  // Ranks 0 1 2 3 against 1 0 3 2: 1 - 6 x 4 / (4 x 15) = 0.6.
  EXPECT_DOUBLE_EQ(*rank_correlation({1, 2, 3, 4}, {2, 1, 4, 3}), 0.6);
  // A tie shares its mean rank: 0 1.5 1.5 3 against 0 1 2 3.
  EXPECT_NEAR(*rank_correlation({1, 2, 2, 3}, {1, 2, 3, 4}), 0.9486833, 1e-6);
  EXPECT_FALSE(rank_correlation({1, 1, 1}, {1, 2, 3}));
}

TEST(JobOrders, TellWhatTheWrongChoiceCosts) {
  // Of job a the second is predicted fastest and takes 12 s where the first takes 10; b has two layouts only.
  const auto orders = job_orders({run("x-1", "a", 10, 11), run("x-2", "a", 12, 9), run("y-1", "b", 5, 5),
                                  run("x-3", "a", 20, 30), run("y-2", "b", 6, 6)});
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(orders[0].source, "x");
  EXPECT_EQ(orders[0].layouts, 3);
  EXPECT_DOUBLE_EQ(orders[0].regret, 0.2);
  EXPECT_DOUBLE_EQ(*orders[0].correlation, 0.5);
}

}  // namespace
}  // namespace socle::answer
