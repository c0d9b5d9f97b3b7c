#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "socle/model/precision.hpp"

namespace socle::model {

/// How the weights of a served model's matrices are stored, and what they are multiplied in.
enum class WeightFormat {
  kBf16,
  kFp16,
  kFp8,             ///< w8a8, one scale a tensor or channel
  kFp8Block,        ///< w8a8, one scale for 128 x 128 weights and 128 activations (DeepSeek-V3)
  kInt8,            ///< w8a8 in integers (SmoothQuant)
  kInt8WeightOnly,  ///< w8a16
  kInt4WeightOnly,  ///< w4a16, groups of 128 (AWQ, GPTQ)
  kMxFp4,           ///< 4 bits, one scale for 32; multiplied in 16 bit, or in mxfp8 where the chip can (gpt-oss)
  kNvFp4,           ///< w4a4, one scale for 16
};

struct WeightFormatFacts {
  WeightFormat format;
  std::string_view name;  ///< as the command line and files write it
  double bytes;           ///< per weight, its share of scales (and zero points) included
};

/// Bytes: fp8_block 1 + 4 / 128^2, int4 0.5 + (2 + 0.5) / 128, mxfp4 0.5 + 1 / 32, nvfp4 0.5 + 1 / 16.
constexpr std::array<WeightFormatFacts, 9> weight_formats() {
  return {{{WeightFormat::kBf16, "bf16", 2.0},
           {WeightFormat::kFp16, "fp16", 2.0},
           {WeightFormat::kFp8, "fp8", 1.0},
           {WeightFormat::kFp8Block, "fp8-block", 1.0 + 4.0 / (128.0 * 128.0)},
           {WeightFormat::kInt8, "int8", 1.0},
           {WeightFormat::kInt8WeightOnly, "w8a16", 1.0},
           {WeightFormat::kInt4WeightOnly, "w4a16", 0.5 + 2.5 / 128.0},
           {WeightFormat::kMxFp4, "mxfp4", 0.5 + 1.0 / 32.0},
           {WeightFormat::kNvFp4, "nvfp4", 0.5 + 1.0 / 16.0}}};
}

constexpr WeightFormatFacts facts(WeightFormat format) {
  constexpr std::array<WeightFormatFacts, 9> all = weight_formats();
  return all[static_cast<std::size_t>(format)];
}

/// Bytes that one weight takes in the chip's memory.
constexpr double bytes_per_weight(WeightFormat format) { return facts(format).bytes; }

/// The formats of one served model. Embedding, head, norms and router stay in 16 bit in all of them.
struct ServingFormats {
  WeightFormat matrices = WeightFormat::kBf16;  ///< of dense blocks and shared experts, of attention unless told
  WeightFormat experts = WeightFormat::kBf16;   ///< of routed experts
  DataType kv = DataType::kBf16;                ///< of the key-value cache
  std::optional<WeightFormat> attention{};      ///< of attention's projections, where it differs from `matrices`

  WeightFormat attention_format() const { return attention.value_or(matrices); }
  bool operator==(const ServingFormats&) const = default;
};

}  // namespace socle::model
