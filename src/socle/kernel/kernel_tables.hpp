#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/kernel/grid.hpp"
#include "socle/kernel/shape_model.hpp"
#include "socle/model/precision.hpp"

namespace socle {
class TomlTable;
}

namespace socle::kernel {

/// Number formats that were measured apart.
enum class TableFormat { kBf16, kFp8, kFp8Block, kNvFp4 };
inline constexpr int kTableFormats = 4;

/// The table that answers for a recipe; empty: none does (fp32 and int8 take the shape model).
constexpr std::optional<TableFormat> table_format(model::Recipe recipe) {
  switch (recipe) {
    case model::Recipe::kBf16:
    case model::Recipe::kFp16:
      return TableFormat::kBf16;
    case model::Recipe::kFp8:
      return TableFormat::kFp8;
    case model::Recipe::kFp8Block:
    case model::Recipe::kMxFp8:
      return TableFormat::kFp8Block;
    case model::Recipe::kNvFp4:
      return TableFormat::kNvFp4;
    case model::Recipe::kFp32:
    case model::Recipe::kInt8:
      return std::nullopt;
  }
  return std::nullopt;
}

/// Shape model fitted to one chip and format, and a grid of measured time / model time.
struct FittedShapes {
  ShapeParameters parameters;
  Grid3 correction;
  double sustained = 0.0;  ///< 90th percentile of utilisation over large measured shapes
};

/// Attention model fitted to one chip, and a grid of measured time / model time.
struct FittedAttention {
  AttentionParameters parameters;
  Grid3 correction;
  double sustained = 0.0;
};

/// Measured time of one collective at one group size, against the nccl-tests buffer size.
struct CollectiveCurve {
  Collective collective = Collective::kAllReduce;
  int ranks = 2;
  std::vector<double> log2_bytes;    ///< ascending
  std::vector<double> log2_seconds;  ///< one per size
  double error = 0.0;                ///< leave-one-out mean absolute relative error
};

/// Reads a table's `correction`, in per mille over the three named axes. What is wrong becomes a problem of its
/// document.
Grid3 read_grid(const TomlTable& table, const std::array<const char*, 3>& axis_keys);

/// Reads one `[[collective]]` table: name, ranks, error, bus_gb_s, log2_bytes and times. What is wrong becomes a
/// problem of its document.
CollectiveCurve read_collective_curve(const TomlTable& table, const char* times_key = "time_ns");

/// Sorts curves by collective, then ranks, which every question about them relies on.
void sort_curves(std::vector<CollectiveCurve>& curves);

/// What was measured on one chip: `catalog/kernels/<chip>.toml`, written by tools/fit_kernels.py. Plain data, never
/// changed after parsing.
struct KernelTables {
  std::string chip;
  std::string source;
  std::array<std::optional<FittedShapes>, kTableFormats> gemm;     ///< correction over (m, n, k)
  std::array<std::optional<FittedShapes>, kTableFormats> grouped;  ///< correction over (rows per expert, groups, n x k)
  std::optional<FittedAttention> attention;      ///< correction over (sequence, batch x heads, head_dim)
  std::optional<FittedAttention> attention_mla;  ///< the same; query and key 192 wide, value 128
  double memory_fraction = 0.85;                 ///< achieved share of the datasheet bandwidth, large transfers
  Seconds launch{3e-6};
  double memory_error = 0.15;
  std::vector<CollectiveCurve> collectives;  ///< sorted by (collective, ranks)
};

/// Reads one table file (schema 1; docs/design/kernel.md names the keys). Throws `InputError` naming `source_name`,
/// line and key.
KernelTables parse_kernel_tables(std::string_view toml_text, const std::string& source_name);

/// The [[collective]] tables of such a file alone, sorted: a tenth of the work. Nothing else of it is checked.
std::vector<CollectiveCurve> parse_collective_tables(std::string_view toml_text, const std::string& source_name);

}  // namespace socle::kernel
