#include "socle/kernel/serving_kernels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "socle/base/error.hpp"
#include "socle/catalog/catalog.hpp"
#include "socle/catalog/stacks.hpp"
#include "socle/kernel/collective_time.hpp"

// Laws of every chip and format. Measured points are in serving_points_test.cpp.

namespace socle::kernel {
namespace {

using model::DataType;
using model::WeightFormat;

const catalog::Catalog& built_in() {
  static const catalog::Catalog catalog;
  return catalog;
}

/// The chip's kernels; borrowed curves of collectives go at its own links, as a machine has them.
ChipKernels library_of(const catalog::Chip& chip) {
  const std::string silicon = catalog::measured_silicon(chip);
  const std::string path = "kernels/" + silicon + ".toml";
  if (!built_in().has(path)) return ChipKernels(chip);
  ChipKernels kernels(chip, parse_kernel_tables(built_in().text_of(path), path));
  const catalog::Chip donor = built_in().chip(silicon);
  if (!chip.scale_up_bandwidth || donor.slug == chip.slug) return kernels;
  std::vector<CollectiveCurve> curves = kernels.collectives();
  const double ratio = *donor.scale_up_bandwidth / *chip.scale_up_bandwidth;
  for (CollectiveCurve& curve : curves) curve = with_links(curve, ratio);
  kernels.set_collectives(curves);
  return kernels;
}

ServingKernels kernels_of(const catalog::Chip& chip) {
  return ServingKernels(chip, library_of(chip), load_serving_tables(built_in(), chip));
}

std::vector<catalog::Chip> computing_chips() {
  std::vector<catalog::Chip> chips;
  for (const catalog::Chip& chip : built_in().chips()) {
    if (ChipKernels::supports_compute(chip)) chips.push_back(chip);
  }
  return chips;
}

std::vector<catalog::Chip> measured_chips() {
  std::vector<catalog::Chip> chips;
  for (const catalog::Chip& chip : computing_chips()) {
    if (built_in().has("serving/" + chip.slug + ".toml")) chips.push_back(chip);
  }
  return chips;
}

constexpr ExpertShape kDeepSeek{
    .tokens = 64, .topk = 8, .experts = 256, .expert_parallel = 8, .hidden = 7168, .ffn = 2048};

/// The largest dense peak that the chip publishes.
FlopsPerSecond best_peak(const catalog::Chip& chip) {
  FlopsPerSecond best{0};
  for (const auto& peak : chip.peak) {
    if (peak) best = std::max(best, *peak);
  }
  return best;
}

TEST(ServingKernels, NothingIsFasterThanTheDatasheet) {
  for (const catalog::Chip& chip : computing_chips()) {
    const ServingKernels kernels = kernels_of(chip);
    const FlopsPerSecond peak = std::max(best_peak(chip), ChipKernels(chip).peak(model::Recipe::kFp8));
    for (const model::WeightFormatFacts& format : model::weight_formats()) {
      for (const double m : {1.0, 48.0, 4096.0}) {
        const Bytes weights{format.bytes * 4096 * 7168};
        const Seconds least = std::max(weights / *chip.memory_bandwidth, Flops{2.0 * m * 4096 * 7168} / peak);
        EXPECT_GE(kernels.linear_time({m, 4096, 7168}, format.format).time, least) << chip.slug << ' ' << format.name;
        ExpertShape shape = kDeepSeek;
        shape.tokens = m;
        const Bytes active{expert_load(shape).active * 3 * 7168 * 2048 * format.bytes};
        EXPECT_GE(kernels.expert_time(shape, format.format).time, active / *chip.memory_bandwidth)
            << chip.slug << ' ' << format.name;
      }
    }
    for (const DataType kv : {DataType::kBf16, DataType::kFp8}) {
      // 256 sequences x 8 heads x 4096 tokens x 2 x 128 numbers.
      const Bytes cache{256.0 * 8 * 4096 * 256 * model::bytes_per_element(kv)};
      EXPECT_GE(kernels.decode_attention_time({256, 32, 8, 128, 0, 4096, 0, kv}).time, cache / *chip.memory_bandwidth);
      const Bytes latent{256.0 * 4096 * 576 * model::bytes_per_element(kv)};
      EXPECT_GE(kernels.decode_mla_time({256, 128, 4096, 512, 64, kv}).time, latent / *chip.memory_bandwidth);
    }
  }
}

TEST(ServingKernels, MoreWorkIsNotFaster) {
  // What ratios may lose from one node of a grid to the next; contexts under 256 tokens are all launch. No two engines
  // agree about int4 experts on Blackwell.
  const auto grows = [](const std::string& what, double step, auto time) {
    const double fall = what.find("w4a16 tokens") != std::string::npos ? 0.9 : 0.97;
    double before = 0;
    for (double x = step == 4 ? 256 : 1; x <= 131072; x *= step) {
      const double now = time(x).time.value();
      EXPECT_GE(now, fall * before) << what << " at " << x;
      before = now;
    }
  };
  for (const catalog::Chip& chip : measured_chips()) {
    const ServingKernels kernels = kernels_of(chip);
    for (const model::WeightFormatFacts& f : model::weight_formats()) {
      const std::string name = chip.slug + ' ' + std::string(f.name);
      grows(name + " rows", 2, [&](double x) { return kernels.linear_time({x, 4096, 7168}, f.format); });
      for (const double skew : {0.0, 1.01}) {
        grows(name + " tokens, skew " + std::to_string(skew), 2, [&](double x) {
          ExpertShape shape = kDeepSeek;
          shape.tokens = x;
          shape.skew = skew;
          return kernels.expert_time(shape, f.format);
        });
      }
    }
    for (const DataType kv : {DataType::kBf16, DataType::kFp8}) {
      const std::string name = chip.slug + (kv == DataType::kFp8 ? " fp8" : " bf16");
      grows(name + " context", 4, [&](double x) {
        return kernels.decode_attention_time({16, 32, 8, 128, 0, x, 0, kv});
      });
      grows(name + " sequences", 2, [&](double x) {
        return kernels.decode_attention_time({x, 32, 8, 128, 0, 4096, 0, kv});
      });
      grows(name + " MLA context", 4, [&](double x) { return kernels.decode_mla_time({16, 128, x, 512, 64, kv}); });
      grows(name + " MLA sequences", 2, [&](double x) { return kernels.decode_mla_time({x, 16, 4096, 512, 64, kv}); });
      grows(name + " new tokens", 2, [&](double x) {
        return kernels.prefill_attention_time({1, 32, 8, 128, 0, x, 0, 0, kv});
      });
      grows(name + " cached tokens", 2, [&](double x) {
        return kernels.prefill_attention_time({2, 32, 8, 128, 0, 64, x - 1, 0, kv});
      });
      grows(name + " new MLA tokens", 2, [&](double x) {
        return kernels.prefill_mla_time({1, 16, x, 0, 192, 128, kv});
      });
    }
    grows(chip.slug + " buffer", 2, [&](double x) { return kernels.all_reduce_time(4, Bytes{x * 1024}); });
  }
}

TEST(ServingKernels, ChipsThatNobodyMeasuredAnswerWithAWiderError) {
  for (const char* slug : {"h20", "ascend-910b3", "ascend-910c", "mi300x", "cambricon-mlu370-x8", "tpu-v5p"}) {
    const ServingKernels kernels = kernels_of(built_in().chip(slug));
    EXPECT_FALSE(kernels.has_tables()) << slug;
    for (const model::WeightFormatFacts& f : model::weight_formats()) {
      const Estimate linear = kernels.linear_time({16, 4096, 7168}, f.format);
      EXPECT_EQ(linear.basis, Basis::kDatasheet) << slug;
      EXPECT_GE(linear.relative_error, 0.2);
      EXPECT_GE(kernels.expert_time(kDeepSeek, f.format).relative_error, 0.35);
    }
    EXPECT_GE(kernels.decode_attention_time({16, 32, 8, 128, 0, 4096}).relative_error, 0.35);
    EXPECT_GT(kernels.prefill_mla_time({1, 16, 512, 4096}).time, Seconds{0});
    EXPECT_GT(kernels.all_reduce_time(8, Bytes{1e6}).time, Seconds{0});
  }
}

TEST(ServingKernels, FewRowsAreBoundByTheirWeightsWhereArithmeticIsScarce) {
  // H20 has a seventh of H100's arithmetic and more bandwidth: 8192 x 8192 weights in 16 bit are 134 MB, 33.6 us at 4
  // TB/s.
  const catalog::Chip chip = built_in().chip("h20");
  const Seconds weights = Bytes{2.0 * 8192 * 8192} / *chip.memory_bandwidth;
  EXPECT_LT(kernels_of(chip).linear_time({16, 8192, 8192}, WeightFormat::kBf16).time, 1.6 * weights);
}

TEST(ServingKernels, TheSameSiliconTakesTheSameTimeButForItsLinks) {
  const ServingKernels h100 = kernels_of(built_in().chip("h100-sxm"));
  const ServingKernels h800 = kernels_of(built_in().chip("h800"));
  EXPECT_TRUE(h800.has_tables());
  EXPECT_EQ(h800.linear_time({16, 4096, 7168}, WeightFormat::kFp8).time,
            h100.linear_time({16, 4096, 7168}, WeightFormat::kFp8).time);
  EXPECT_GT(h800.all_reduce_time(8, Bytes{512e6}).time, 1.5 * h100.all_reduce_time(8, Bytes{512e6}).time);
}

TEST(ServingKernels, EnginesReduceSmallBuffersFasterThanTheLibrary) {
  const catalog::Chip chip = built_in().chip("h100-sxm");
  const std::string path = "kernels/h100-sxm.toml";
  const ChipKernels library(chip, parse_kernel_tables(built_in().text_of(path), path));
  const ServingKernels kernels = kernels_of(chip);
  EXPECT_LT(kernels.all_reduce_time(8, Bytes{8e3}).time,
            0.5 * library.collective_time(Collective::kAllReduce, 8, Bytes{8e3}).time);
  EXPECT_LE(kernels.all_reduce_time(8, Bytes{1e9}).time,
            library.collective_time(Collective::kAllReduce, 8, Bytes{1e9}).time);
  EXPECT_EQ(kernels.all_reduce_time(1, Bytes{8e3}).time, Seconds{0});
}

TEST(ServingKernels, AnEngineWithItsOwnKernelsIsNoSlower) {
  const EngineKernels own{.fastest_experts = true, .fused_casts = true, .fastest_all_reduce = true};
  for (const catalog::Chip& chip : measured_chips()) {
    const ServingKernels kernels = kernels_of(chip);
    for (const double m : {1.0, 64.0, 4096.0}) {
      const GemmShape shape{.m = m, .n = 7168, .k = 8192};
      for (const WeightFormat format : {WeightFormat::kBf16, WeightFormat::kFp8, WeightFormat::kFp8Block}) {
        const Seconds usual = kernels.linear_time(shape, format).time,
                      fused = kernels.linear_time(shape, format, own).time;
        const bool casts = format == WeightFormat::kFp8 && kernels.multiplies(format);
        EXPECT_EQ(fused < usual, casts) << chip.slug << " m " << m;
        EXPECT_GE(fused, 0.3 * usual) << chip.slug << " m " << m;
      }
      const ExpertShape experts{
          .tokens = m, .topk = 8, .experts = 256, .expert_parallel = 8, .hidden = 7168, .ffn = 2048};
      EXPECT_LE(kernels.expert_time(experts, WeightFormat::kBf16, own).time,
                kernels.expert_time(experts, WeightFormat::kBf16).time)
          << chip.slug << " tokens " << m;
    }
    for (const double bytes : {8e3, 256e3, 16e6})
      EXPECT_LE(kernels.all_reduce_time(4, Bytes{bytes}, own).time, kernels.all_reduce_time(4, Bytes{bytes}).time)
          << chip.slug << " bytes " << bytes;
  }
}

TEST(ServingKernels, AChipWithoutTheFormatReadsItsWeightsAndMultipliesInSixteenBits) {
  const ServingKernels a100 = kernels_of(built_in().chip("a100-sxm-80gb"));
  EXPECT_FALSE(a100.multiplies(WeightFormat::kFp8));
  EXPECT_TRUE(a100.multiplies(WeightFormat::kInt8));
  // Many rows: no faster than 16 bits by more than the unpacking kernels were measured to be.
  EXPECT_GT(a100.linear_time({8192, 8192, 8192}, WeightFormat::kFp8).time,
            0.9 * a100.linear_time({8192, 8192, 8192}, WeightFormat::kBf16).time);
  const ServingKernels b200 = kernels_of(built_in().chip("b200-sxm"));
  EXPECT_TRUE(b200.multiplies(WeightFormat::kMxFp4));
  EXPECT_FALSE(kernels_of(built_in().chip("h100-sxm")).multiplies(WeightFormat::kMxFp4));
}

TEST(ServingKernels, AWindowCapsWhatAQueryReads) {
  const ServingKernels kernels = kernels_of(built_in().chip("h100-sxm"));
  const auto decode = [&](double context, double window) {
    return kernels.decode_attention_time({64, 64, 8, 64, 0, context, window}).time;
  };
  EXPECT_EQ(decode(65536, 128), decode(8192, 128));
  EXPECT_LT(decode(8192, 128), 0.3 * decode(8192, 0));
  // 4096 new tokens see 128 keys each instead of 2048 on average.
  EXPECT_LT(kernels.prefill_attention_time({4, 32, 8, 128, 0, 4096, 0, 128}).time,
            0.5 * kernels.prefill_attention_time({4, 32, 8, 128, 0, 4096, 0, 0}).time);
}

TEST(ServingKernels, ANarrowCacheThatNobodyMeasuredIsCalibrated) {
  const ServingKernels a100 = kernels_of(built_in().chip("a100-sxm-80gb"));
  const Estimate narrow = a100.decode_attention_time({64, 32, 8, 128, 0, 8192, 0, DataType::kFp8});
  const Estimate wide = a100.decode_attention_time({64, 32, 8, 128, 0, 4096, 0, DataType::kBf16});
  EXPECT_EQ(narrow.time, wide.time);  // as many bytes
  EXPECT_EQ(narrow.basis, Basis::kCalibrated);
  EXPECT_GT(narrow.relative_error, wide.relative_error);
}

TEST(ServingKernels, AFormatMeasuredOnASiblingIsNotCalledMeasured) {
  // Four-bit weights were measured on H200, whose compute units are those of H100.
  const Estimate h100 =
      kernels_of(built_in().chip("h100-sxm")).linear_time({16, 8192, 8192}, WeightFormat::kInt4WeightOnly);
  const Estimate h200 =
      kernels_of(built_in().chip("h200-sxm")).linear_time({16, 8192, 8192}, WeightFormat::kInt4WeightOnly);
  EXPECT_EQ(h100.basis, Basis::kCalibrated);
  EXPECT_EQ(h200.basis, Basis::kMeasured);
  EXPECT_GT(h100.relative_error, h200.relative_error + 0.05);
  EXPECT_NEAR(h100.time / h200.time, 1.0, 0.1);
}

TEST(ServingKernels, AnAnswerDoesNotDependOnWhatWasAskedBefore) {
  const ServingKernels kernels = kernels_of(built_in().chip("b200-sxm"));
  const Seconds first = kernels.expert_time(kDeepSeek, WeightFormat::kNvFp4).time;
  kernels.linear_time({7, 1024, 1024}, WeightFormat::kFp8);
  kernels.decode_attention_time({3, 8, 1, 64, 0, 77, 128, DataType::kFp8});
  EXPECT_EQ(kernels.expert_time(kDeepSeek, WeightFormat::kNvFp4).time, first);
}

TEST(ExpertLoad, BalancedTokensReachAsManyExpertsAsTheyCan) {
  // 4 tokens x 8 choices / 8 ranks = 4 pairs, one for each of 4 experts; 64 tokens reach all 32.
  ExpertShape shape = kDeepSeek;
  shape.tokens = 4;
  EXPECT_DOUBLE_EQ(expert_load(shape).pairs, 4);
  EXPECT_DOUBLE_EQ(expert_load(shape).active, 4);
  shape.tokens = 64;
  EXPECT_DOUBLE_EQ(expert_load(shape).active, 32);
}

TEST(ExpertLoad, SkewLoadsTheHottestRankAndLeavesExpertsIdle) {
  ExpertShape shape = kDeepSeek;
  const ExpertLoad balanced = expert_load(shape);
  shape.skew = 0.5;
  const ExpertLoad half = expert_load(shape);
  shape.skew = 1.01;
  const ExpertLoad skewed = expert_load(shape);
  EXPECT_GT(half.pairs, balanced.pairs);
  EXPECT_GT(skewed.pairs, half.pairs);
  EXPECT_LE(skewed.pairs, 8 * balanced.pairs);  // all tokens of the group
  EXPECT_LT(skewed.active, balanced.active);
  // One rank has every token whatever the skew.
  shape.expert_parallel = 1;
  EXPECT_DOUBLE_EQ(expert_load(shape).pairs, 64 * 8);
}

TEST(ServingTables, AWrongFigureIsRefusedWithFileAndKey) {
  const std::string good(built_in().text_of("serving/h100-sxm.toml"));
  const auto complaint = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    try {
      parse_serving_tables(text, "serving/mine.toml");
    } catch (const InputError& error) { return std::string(error.what()); }
    return std::string("accepted");
  };
  const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  const std::string share = complaint("memory_fraction = 0.", "memory_fraction = 7.");
  EXPECT_TRUE(has(share, "serving/mine.toml") && has(share, "memory_fraction")) << share;
  const std::string axis = complaint("log2_m = [0, ", "log2_m = [");
  EXPECT_TRUE(has(axis, "serving/mine.toml") && has(axis, "correction")) << axis;
  const std::string key = complaint("launch_us", "lunch_us");
  EXPECT_TRUE(has(key, "launch_us")) << key;
  const std::string name = complaint("name = \"all-reduce\"", "name = \"all-gather\"");
  EXPECT_TRUE(has(name, "all-reduce")) << name;
  const std::string compute = complaint("compute = \"bf16\"", "compute = \"fp12\"");
  EXPECT_TRUE(has(compute, "compute")) << compute;
}

}  // namespace
}  // namespace socle::kernel
