#include "socle/catalog/torus_slice.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/catalog/cluster.hpp"

namespace socle::catalog {
namespace {

const Torus kFlat{.dimensions = 2, .closes_at = 16, .source = {}, .checked = {}};
const Torus kCubes{.dimensions = 3, .closes_at = 4, .source = {}, .checked = {}};

TEST(TorusSlice, IsAsCompactAndAsClosedAsItsChipsAllow) {
  struct Case {
    Torus torus;
    int chips, most;
    const char* sides;
    int closed;
  };
  for (const Case& c : {Case{kFlat, 8, 256, "2x4", 0},
                        {kFlat, 128, 256, "8x16", 1},
                        {kFlat, 256, 256, "16x16", 2},
                        {kFlat, 1, 256, "1x1", 0},
                        {kFlat, 512, 256, "16x16", 2},
                        {kFlat, 3072, 256, "16x16", 2},
                        {kFlat, 384, 256, "12x16", 1},
                        {kCubes, 512, 8960, "8x8x8", 3},
                        {kCubes, 128, 8960, "4x4x8", 3},
                        {kCubes, 32, 8960, "2x4x4", 0},
                        {kCubes, 6144, 8960, "16x16x24", 3},
                        {kCubes, 8960, 8960, "16x20x28", 3},
                        {kCubes, 17920, 8960, "16x20x28", 3},
                        {kFlat, 34, 256, "2x17", 0}}) {
    const TorusSlice slice = default_slice(c.torus, c.chips, c.most);
    if (c.chips == 34) {
      EXPECT_EQ(slice.chips(), 2) << "17 is longer than a side may be";
      continue;
    }
    EXPECT_EQ(slice_text(slice), c.sides) << c.chips;
    EXPECT_EQ(slice.closed_sides(), c.closed) << c.chips;
  }
}

TEST(TorusSlice, ReadsSidesAndSaysWhatItAccepts) {
  EXPECT_EQ(parse_slice_sides("4x4x8").value, (std::array<int, 3>{4, 4, 8}));
  EXPECT_EQ(parse_slice_sides("16x16").value, (std::array<int, 3>{16, 16, 1}));
  for (const char* text :
       {"", "4", "4x", "x4", "4x4x4x4", "4X4", "4x-4", "0x4", "4x4 ", "1000000x2", "99999999999999x2", "4x4x\xff"}) {
    const auto parsed = parse_slice_sides(text);
    EXPECT_FALSE(parsed.value) << text;
    EXPECT_NE(parsed.problem.find("such as"), std::string::npos) << text;
  }
}

TEST(TorusSlice, ClosesSidesWhereTheLinksDo) {
  EXPECT_EQ(make_slice(kFlat, {8, 16, 1}, 256).value->rings, (std::array<bool, 3>{false, true, false}));
  EXPECT_EQ(make_slice(kCubes, {4, 8, 12}, 8960).value->closed_sides(), 3);
  EXPECT_EQ(make_slice(kCubes, {2, 4, 4}, 8960).value->closed_sides(), 0);
  EXPECT_NE(make_slice(kFlat, {4, 4, 4}, 256).problem.find("two dimensions"), std::string::npos);
  EXPECT_NE(make_slice(kFlat, {4, 32, 1}, 256).problem.find("at most 16"), std::string::npos);
  EXPECT_NE(make_slice(kCubes, {100000, 100000, 100000}, 8960).problem.find("at most 8960"), std::string::npos);
}

TEST(TorusSlice, AClustersDomainIsItsSlice) {
  const Catalog catalog;
  const Cluster whole = make_cluster(catalog, "tpu-v5p", 128);
  EXPECT_EQ(slice_text(*whole.slice), "8x8x8");
  EXPECT_EQ(whole.scale_up_domain, 512);
  const auto with_slice = [](std::array<int, 3> sides) {
    ClusterOverrides overrides;
    overrides.slice = sides;
    overrides.nic_per_chip = BytesPerSecond{6.25e9};
    return overrides;
  };
  const Cluster cut = make_cluster(catalog, "tpu-v5p", 128, with_slice({4, 4, 4}));
  EXPECT_EQ(cut.scale_up_domain, 64);
  EXPECT_FALSE(make_cluster(catalog, "hgx-h100", 2).slice);
  EXPECT_THROW(make_cluster(catalog, "hgx-h100", 2, with_slice({4, 4, 1})), InputError);
  EXPECT_THROW(make_cluster(catalog, "tpu-v6e", 32, with_slice({5, 5, 1})), InputError);
}

TEST(TorusSlice, ATorusWithoutItsBandwidthIsRefused) {
  Chip chip = Catalog().chip("tpu-v6e");
  chip.scale_up_bandwidth.reset();
  EXPECT_THROW(slice_of(chip, 256, 256, {}), InputError);
}

}  // namespace
}  // namespace socle::catalog
