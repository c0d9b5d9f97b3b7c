#pragma once

#include <array>
#include <string_view>

namespace socle::model {

/// Number formats of matrix operations and of stored tensors.
enum class DataType { kFp32, kTf32, kBf16, kFp16, kFp8, kInt8, kFp4 };

/// A mixed-precision training recipe: which format the GEMMs of transformer layers take. Attention core, norms,
/// router, LM head and the optimizer stay in higher precision in all recipes.
enum class Recipe { kFp32, kBf16, kFp16, kFp8, kFp8Block, kMxFp8, kNvFp4, kInt8 };

/// Bytes of one element. fp4 packs two to a byte.
constexpr double bytes_per_element(DataType type) {
  switch (type) {
    case DataType::kFp32:
    case DataType::kTf32:
      return 4.0;
    case DataType::kBf16:
    case DataType::kFp16:
      return 2.0;
    case DataType::kFp8:
    case DataType::kInt8:
      return 1.0;
    case DataType::kFp4:
      return 0.5;
  }
  return 0.0;
}

/// Formats that weights and caches are stored in, by the names of one of each width.
struct StorageFormat {
  std::string_view name;
  DataType type;
};
constexpr std::array<StorageFormat, 4> storage_formats() {
  return {{{"fp32", DataType::kFp32}, {"bf16", DataType::kBf16}, {"fp8", DataType::kFp8}, {"fp4", DataType::kFp4}}};
}

/// The format that a recipe's transformer-layer GEMMs run in.
constexpr DataType gemm_type(Recipe recipe) {
  switch (recipe) {
    case Recipe::kFp32:
      return DataType::kTf32;
    case Recipe::kBf16:
      return DataType::kBf16;
    case Recipe::kFp16:
      return DataType::kFp16;
    case Recipe::kFp8:
    case Recipe::kFp8Block:
    case Recipe::kMxFp8:
      return DataType::kFp8;
    case Recipe::kNvFp4:
      return DataType::kFp4;
    case Recipe::kInt8:
      return DataType::kInt8;
  }
  return DataType::kBf16;
}

}  // namespace socle::model
