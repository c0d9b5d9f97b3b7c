#include "socle/kernel/collective_fit.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/kernel/collective_file.hpp"
#include "socle/kernel/collective_time.hpp"

namespace socle::kernel {
namespace {

std::vector<CollectivePoint> points_on_line(double start, double rate) {
  std::vector<CollectivePoint> points;
  for (double bytes = 1024; bytes <= 1 << 30; bytes *= 2)
    points.push_back({Bytes{bytes}, Seconds{start + bytes / rate}});
  return points;
}

TEST(FitLine, FindsStartAndRateOfPointsOnALine) {
  const CollectiveLine line = fit_line(points_on_line(20e-6, 200e9));
  EXPECT_NEAR(line.start.value(), 20e-6, 1e-12);
  EXPECT_NEAR(line.rate.value(), 200e9, 1e3);
  EXPECT_NEAR(line.half.value(), 4e6, 1);  // 20 us x 200 GB/s
  EXPECT_NEAR(line.error, 0, 1e-9);
}

TEST(FitLine, NeverStartsBeforeZero) {
  const std::vector<CollectivePoint> points = {{Bytes{1e6}, Seconds{1e-6}}, {Bytes{2e6}, Seconds{3e-6}}};
  EXPECT_EQ(fit_line(points).start, Seconds{0});
}

TEST(CurveOf, TakesTheMedianOfASizeAndNeverFalls) {
  const std::vector<CollectivePoint> points = {{Bytes{4096}, Seconds{9e-6}},
                                               {Bytes{1024}, Seconds{10e-6}},
                                               {Bytes{1024}, Seconds{30e-6}},
                                               {Bytes{1024}, Seconds{12e-6}}};
  const CollectiveCurve curve = curve_of(Collective::kAllGather, 4, points);
  EXPECT_EQ(curve.log2_bytes, (std::vector<double>{10, 12}));
  EXPECT_NEAR(std::exp2(curve.log2_seconds[0]), 12e-6, 1e-18);  // kept as a logarithm
  EXPECT_NEAR(std::exp2(curve.log2_seconds[1]), 12e-6, 1e-18);  // kept as a logarithm
}

TEST(Extended, GoesOnAsTheLineOfTheLastTwoSizes) {
  const CollectiveCurve curve = extended(curve_of(Collective::kAllReduce, 8, points_on_line(20e-6, 200e9)));
  EXPECT_NEAR(curve_time(curve, Bytes{16.0 * (1 << 30)}).value(), 20e-6 + 16.0 * (1 << 30) / 200e9, 1e-9);
}

TEST(Extended, DoesNotBelieveTwoNoisyPoints) {
  // The second size took no longer: at least 0.8 of its time per byte counts beyond it.
  const CollectiveCurve curve = extended(
      curve_of(Collective::kAllReduce, 8,
               std::vector<CollectivePoint>{{Bytes{1 << 20}, Seconds{1e-3}}, {Bytes{1 << 21}, Seconds{1e-3}}}));
  EXPECT_NEAR(curve_time(curve, Bytes{1 << 22}).value(), 1e-3 + 0.8 * 1e-3, 1e-12);
}

TEST(WithLinks, KeepsTheStartAndScalesTheRest) {
  const CollectiveCurve half = with_links(curve_of(Collective::kAllReduce, 8, points_on_line(20e-6, 200e9)), 2.0);
  EXPECT_NEAR(curve_time(half, Bytes{1 << 30}).value(), 20e-6 + 2.0 * (1 << 30) / 200e9, 1e-7);
}

TEST(CollectiveFile, ReadsBackAsItWasWritten) {
  CollectiveFile file{.chip = "h100-sxm",
                      .source = "a \"log\"",
                      .curves = {},
                      .across = {},
                      .nic_fraction = 0.9,
                      .nic_latency = Seconds{12e-6}};
  file.curves.push_back(curve_of(Collective::kAllReduce, 8, points_on_line(20e-6, 200e9)));
  file.across.push_back({curve_of(Collective::kAllGather, 16, points_on_line(40e-6, 100e9)), 2});
  const CollectiveFile again = parse_collective_file(write_collective_file(file), "again.toml");
  EXPECT_EQ(again.source, file.source);
  EXPECT_EQ(again.nic_fraction, 0.9);
  EXPECT_NEAR(again.nic_latency->value(), 12e-6, 1e-12);
  ASSERT_EQ(again.curves.size(), 1u);
  ASSERT_EQ(again.across.size(), 1u);
  EXPECT_EQ(again.across[0].nodes, 2);
  for (double bytes = 1024; bytes < 1e10; bytes *= 3) {
    EXPECT_NEAR(curve_time(again.curves[0], Bytes{bytes}) / curve_time(file.curves[0], Bytes{bytes}), 1.0,
                1e-4);  // nanoseconds are rounded
  }
}

TEST(CollectiveFile, NamesWhatItDoesNotKnow) {
  EXPECT_THROW(
      parse_collective_file("schema = 1\nchip = \"x\"\nsource = \"y\"\n[across]\nnic_fraction = 3\n", "mine.toml"),
      InputError);
  EXPECT_THROW(parse_collective_file("schema = 1\nchip = \"x\"\nsource = \"y\"\n[[collective]]\nname = \"gather\"\n",
                                     "mine.toml"),
               InputError);
}

}  // namespace
}  // namespace socle::kernel
