#include "socle/catalog/serving_timing.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle::catalog {
namespace {

TEST(ServingTiming, AChipHasItsOwnThenItsRelativesThenTheMiddle) {
  const Catalog catalog;
  const ServingTiming own = load_serving_timing(catalog, "vllm", "b200-sxm");
  EXPECT_TRUE(own.measured);
  const ServingTiming relative = load_serving_timing(catalog, "vllm", "gb200");
  EXPECT_FALSE(relative.measured);
  EXPECT_EQ(relative.step, own.step);
  EXPECT_LE(relative.tpot.low, own.tpot.low);  // judged on chips that were left out: no narrower
  EXPECT_TRUE(load_serving_timing(catalog, "vllm", "ascend-910b3").chips.empty());
}

TEST(ServingTiming, AFamilyWithoutRunsTakesTheMiddleOfVllm) {
  const Catalog catalog;
  const ServingTiming other = load_serving_timing(catalog, "lmdeploy", "h100-sxm");
  EXPECT_EQ(other.family, "vllm");
  EXPECT_FALSE(other.measured);
}

TEST(ServingTiming, TheMiddleOfTwoIsTheirGeometricMean) {
  ServingTiming a, b;
  a.step = Seconds{1e-4}, b.step = Seconds{4e-4};
  a.decode = 0.8, b.decode = 1.25;
  a.tpot = {0.9, 1.1}, b.tpot = {0.8, 1.05};
  const ServingTiming middle = middle_timing({a, b});
  EXPECT_NEAR(middle.step.value(), 2e-4, 1e-12);
  EXPECT_NEAR(middle.decode, 1.0, 1e-12);
  EXPECT_EQ(middle.tpot.low, 0.8);
  EXPECT_EQ(middle.tpot.high, 1.1);
}

}  // namespace
}  // namespace socle::catalog
