#include "socle/workload/stage_plan.hpp"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

namespace socle::workload {
namespace {

TEST(SplitLayers, GivesEveryLayerToOnePosition) {
  for (int layers = 1; layers <= 130; ++layers) {
    for (int positions = 1; positions <= 130; ++positions) {
      const std::vector<int> counts = split_layers(layers, positions);
      ASSERT_EQ(counts.size(), static_cast<std::size_t>(positions));
      EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0), layers) << layers << " on " << positions;
      EXPECT_GE(*std::min_element(counts.begin(), counts.end()), 0) << layers << " on " << positions;
    }
  }
}

TEST(SplitLayers, DiffersByOneLayerAtMost) {
  for (int layers = 1; layers <= 130; ++layers) {
    for (int positions = 1; positions <= layers; ++positions) {
      const std::vector<int> counts = split_layers(layers, positions);
      const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
      EXPECT_LE(*most - *least, 1) << layers << " on " << positions;
    }
  }
}

TEST(SplitLayers, IsEvenWhenItDivides) { EXPECT_EQ(split_layers(32, 4), std::vector<int>(4, 8)); }

TEST(SplitLayers, LightensTheLossFirstAndTheEmbeddingNext) {
  EXPECT_EQ(split_layers(31, 4), (std::vector<int>{8, 8, 8, 7}));
  EXPECT_EQ(split_layers(30, 4), (std::vector<int>{7, 8, 8, 7}));
  EXPECT_EQ(split_layers(29, 4), (std::vector<int>{7, 8, 7, 7}));
}

TEST(SplitLayers, APredictionModuleTakesThePlaceOfTwoLayersAtTheEnd) {
  std::vector<int> expected(16, 4);
  expected.back() = 1;
  EXPECT_EQ(split_layers(61, 16, 1), expected) << "DeepSeek-V3 as Megatron Bridge lays it out";
  EXPECT_EQ(split_layers(61, 8, 1), (std::vector<int>{8, 8, 8, 8, 8, 8, 8, 5}));
  EXPECT_EQ(split_layers(64, 16, 1), std::vector<int>(16, 4)) << "no layer is taken from others";
}

TEST(SplitLayers, LeavesBothEndsOf126LayersOn128Positions) {
  // Llama 3.1 405B: embedding and loss take the place of a layer each.
  std::vector<int> expected(128, 1);
  expected.front() = expected.back() = 0;
  EXPECT_EQ(split_layers(126, 128), expected);
}

}  // namespace
}  // namespace socle::workload
