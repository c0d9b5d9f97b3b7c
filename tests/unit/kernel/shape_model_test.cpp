#include "socle/kernel/shape_model.hpp"

#include <gtest/gtest.h>

#include "socle/kernel/chip_kernels.hpp"

namespace socle::kernel {
namespace {

using model::Recipe;

catalog::Chip chip_with(double bf16_tflops, double bandwidth_gb_s) {
  catalog::Chip chip;
  chip.slug = "test";
  chip.software = "CANN";
  chip.peak[static_cast<std::size_t>(catalog::PeakFormat::kBf16)] = FlopsPerSecond{bf16_tflops * 1e12};
  chip.memory_bandwidth = BytesPerSecond{bandwidth_gb_s * 1e9};
  return chip;
}

TEST(AttentionFlops, CausalSquareCountsHalfThePairs) {
  // 1 x 1 head, 1024 x 1024 / 2 pairs, 2 x (128 + 128) FLOP each.
  const AttentionShape shape{.q_heads = 1, .kv_heads = 1, .head_dim = 128, .seq_q = 1024, .seq_kv = 1024};
  EXPECT_DOUBLE_EQ(attention_flops(shape).value(), 1024.0 * 1024.0 / 2.0 * 512.0);
}

TEST(AttentionFlops, WindowLeavesATriangleAndABand) {
  // Window 256 of 1024: the first 256 queries see 256^2 / 2 pairs, the other 768 see 256 each.
  const AttentionShape shape{.q_heads = 1, .kv_heads = 1, .head_dim = 64, .seq_q = 1024, .seq_kv = 1024, .window = 256};
  EXPECT_DOUBLE_EQ(attention_flops(shape).value(), (256.0 * 256.0 / 2.0 + 768.0 * 256.0) * 256.0);
}

TEST(AttentionFlops, LastChunkOfASequenceSeesAllThatPrecedesIt) {
  // 256 queries after 768 keys: 256 x 768 + 256^2 / 2 pairs.
  const AttentionShape shape{.q_heads = 1, .kv_heads = 1, .head_dim = 64, .seq_q = 256, .seq_kv = 1024};
  EXPECT_DOUBLE_EQ(attention_flops(shape).value(), (256.0 * 768.0 + 256.0 * 256.0 / 2.0) * 256.0);
}

TEST(ShapeModel, IsNeverFasterThanPeakOrBandwidth) {
  const ChipKernels kernels(chip_with(300, 1600));
  const Roof roof{FlopsPerSecond{300e12}, BytesPerSecond{1600e9}, 2.0};
  for (double m = 1; m <= 131072; m *= 8) {
    for (double n = 16; n <= 65536; n *= 4) {
      for (double k = 16; k <= 65536; k *= 4) {
        const GemmShape shape{.m = m, .n = n, .k = k};
        EXPECT_GE(kernels.gemm_time(shape, Recipe::kBf16).time, gemm_floor(shape, roof)) << m << ' ' << n << ' ' << k;
      }
    }
  }
}

TEST(ShapeModel, TimeGrowsWithEachDimensionWithinOneTile) {
  // Whole tiles and split k may give back a little: 3 % between doublings.
  const ChipKernels kernels(chip_with(300, 1600));
  for (double m = 64; m <= 65536; m *= 2) {
    for (double k = 64; k <= 65536; k *= 2) {
      const Seconds time = kernels.gemm_time({.m = m, .n = 4096, .k = k}, Recipe::kBf16).time;
      EXPECT_GE(kernels.gemm_time({.m = 2 * m, .n = 4096, .k = k}, Recipe::kBf16).time, 0.97 * time) << m << ' ' << k;
      EXPECT_GE(kernels.gemm_time({.m = m, .n = 8192, .k = k}, Recipe::kBf16).time, 0.97 * time) << m << ' ' << k;
      EXPECT_GE(kernels.gemm_time({.m = m, .n = 4096, .k = 2 * k}, Recipe::kBf16).time, 0.97 * time) << m << ' ' << k;
    }
  }
}

TEST(Fallback, ADatasheetAloneGivesEveryKernel) {
  const ChipKernels kernels(chip_with(300, 1600));
  const Estimate gemm = kernels.gemm_time({.m = 8192, .n = 8192, .k = 8192}, Recipe::kBf16);
  EXPECT_EQ(gemm.basis, Basis::kDatasheet);
  const double utilisation = 2.0 * 8192.0 * 8192.0 * 8192.0 / 300e12 / gemm.time.value();
  EXPECT_GT(utilisation, 0.4);
  EXPECT_LT(utilisation, 0.9);
  EXPECT_GT(gemm.relative_error, 0.1);
  const AttentionShape core{.q_heads = 32, .kv_heads = 8, .head_dim = 128, .seq_q = 8192, .seq_kv = 8192};
  EXPECT_EQ(kernels.attention_time(core).basis, Basis::kDatasheet);
  EXPECT_GT(kernels.attention_backward_time(core).time, 2.5 * kernels.attention_time(core).time);
  EXPECT_GT(kernels.grouped_gemm_time({.groups = 8, .m = 1024, .n = 4096, .k = 4096}, Recipe::kBf16).time, Seconds{0});
  // 1 GB at 1.6 TB/s takes at least 625 us.
  EXPECT_GT(kernels.memory_time(1_GB).time, 625_us);
  EXPECT_EQ(kernels.collective_time(Collective::kAllReduce, 8, 1_GB).basis, Basis::kDatasheet);
}

TEST(Fallback, AFormatThatTheChipLacksRunsInTheNextWiderOne) {
  const ChipKernels kernels(chip_with(300, 1600));
  EXPECT_FALSE(kernels.native(Recipe::kFp8));
  EXPECT_EQ(kernels.peak(Recipe::kFp8), FlopsPerSecond{300e12});
  EXPECT_EQ(kernels.quantise_time(1e6, Recipe::kFp8).time, Seconds{0});
}

TEST(Fallback, AChipWithoutPeaksIsRefused) {
  catalog::Chip chip = chip_with(300, 1600);
  chip.peak = {};
  EXPECT_FALSE(ChipKernels::supports_compute(chip));
}

TEST(Collectives, BusFactorFollowsNcclTests) {
  EXPECT_DOUBLE_EQ(bus_factor(Collective::kAllReduce, 8), 1.75);
  EXPECT_DOUBLE_EQ(bus_factor(Collective::kAllGather, 8), 0.875);
}

TEST(Collectives, OneRankTakesNoTime) {
  const ChipKernels kernels(chip_with(300, 1600));
  EXPECT_EQ(kernels.collective_time(Collective::kAllToAll, 1, 1_GB).time, Seconds{0});
}

}  // namespace
}  // namespace socle::kernel
