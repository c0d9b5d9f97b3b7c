#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/kernel/grid.hpp"
#include "socle/kernel/kernel_tables.hpp"
#include "socle/kernel/serving_shapes.hpp"
#include "socle/model/serving_format.hpp"

namespace socle::kernel {

/// Mean absolute relative errors of shapes that were held out of a fit.
struct ServingErrors {
  double small = 0.3;  ///< few rows, tokens or bytes
  double large = 0.3;
  double all = 0.3;
  double window = 0.3;  ///< attention that a window cuts
};

/// Linear layers of one format. `quantise_bytes` of the parameters is the cast that the measurements include.
struct FittedLinear {
  ShapeParameters parameters;
  Grid3 correction;       ///< over (m, n, k)
  bool borrowed = false;  ///< measured on a chip of the same compute units and other memory
  ServingErrors errors;
};

struct FittedExperts {
  ExpertParameters parameters;
  model::DataType compute = model::DataType::kBf16;  ///< whose peak the products run against
  Grid3 correction;                                  ///< over (pairs per local expert, local experts, hidden x ffn)
  Grid3 by_skew;                                     ///< over (1 + skew, rows per expert, matrices per expert)
  Grid3 by_ranks;                                    ///< over (expert parallel, tokens, 1 + skew)
  Grid3 fastest;                                     ///< of the fastest engine over this time, over the same
  double median_over_fastest = 1;                    ///< time of the median engine / the fastest; the fit lies between
  ServingErrors errors;
};

struct FittedDecode {
  CacheParameters parameters;
  Grid3 correction;  ///< over (sequences x kv heads, context, q heads / kv heads)
  Grid3 by_width;    ///< over (head_dim, sequences x q heads, context)
  Grid3 by_window;   ///< over (2 where a window cuts the context, else 1; head_dim, context)
  ServingErrors errors;
};

struct FittedMla {
  CacheParameters parameters;
  Grid3 correction;  ///< over (sequences, context, heads)
  ServingErrors errors;
};

/// Attention of new tokens. MLA has no windows: its `by_window` is empty.
struct FittedPrefill {
  AttentionParameters parameters;
  Grid3 correction;  ///< over (sequence, sequences x q heads, head_dim)
  Grid3 by_window;   ///< over (new tokens / window, window, head_dim); 1 and 8192 where a window cuts nothing
  ServingErrors errors;
};

/// Widths that the key-value cache was measured in.
enum class CacheFormat { kBf16, kFp8 };
inline constexpr int kCacheFormats = 2;
inline constexpr int kWeightFormats = 9;

/// What was measured of inference on one chip: `catalog/serving/<chip>.toml`, written by tools/fit_serving_kernels.py.
/// Plain data, never changed after parsing. Formats are indexed by `model::WeightFormat`; fp16 takes bf16's table.
struct ServingTables {
  std::string chip;
  std::string source;
  std::array<std::optional<FittedLinear>, kWeightFormats> linear;
  std::array<std::optional<FittedExperts>, kWeightFormats> experts;
  std::array<std::optional<FittedDecode>, kCacheFormats> decode;
  std::array<std::optional<FittedMla>, kCacheFormats> mla;
  std::array<std::optional<FittedPrefill>, kCacheFormats> prefill;
  std::array<std::optional<FittedPrefill>, kCacheFormats> prefill_mla;
  std::vector<CollectiveCurve> all_reduce;  ///< the engines' own kernels inside one node, medians; sorted by ranks
  std::vector<CollectiveCurve> fastest_all_reduce;  ///< the fastest engine's at each size
};

/// Reads one file (schema 1; docs/design/kernel.md names the keys). Throws `InputError` naming `source_name`, line and
/// key.
ServingTables parse_serving_tables(std::string_view toml_text, const std::string& source_name);

/// The tables of the chip, or of the one with the same silicon (`catalog::measured_silicon`), the all-reduce then with
/// the chip's own links. Empty: nobody measured it.
std::optional<ServingTables> load_serving_tables(const catalog::Catalog& catalog, const catalog::Chip& chip);

}  // namespace socle::kernel
