#pragma once

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/catalog/chip.hpp"
#include "socle/kernel/kernel_tables.hpp"
#include "socle/kernel/shape_model.hpp"
#include "socle/model/precision.hpp"

namespace socle::kernel {

/// What a figure rests on, from best to worst.
enum class Basis {
  kMeasured,    ///< interpolated inside the measured grid of this very chip
  kCalibrated,  ///< parameters fitted on this chip, used outside its grid or for a format it was not measured in
  kDatasheet,   ///< datasheet peak and bandwidth with the default parameters of the chip's class
};

/// A time with its basis and its typical relative error (mean absolute; 0.08 = 8 %).
struct Estimate {
  Seconds time;
  Basis basis = Basis::kDatasheet;
  double relative_error = 0.0;
};

/// A collective's time inside one scale-up domain, and the bus bandwidth (as nccl-tests defines it) it amounts to.
struct CollectiveEstimate {
  Seconds time;
  BytesPerSecond bus_bandwidth;
  Basis basis = Basis::kDatasheet;
  double relative_error = 0.0;
};

/// Utilisation of flash attention backward over forward. Assumption, from memory of published charts
/// for A100 and H100: no backward kernel was measured.
inline constexpr double kAttentionBackwardUtilisation = 0.8;
/// What the assumption adds to the forward's relative error.
inline constexpr double kAttentionBackwardError = 0.10;
/// Backward FLOPs over forward: five matrix products against two.
inline constexpr double kAttentionBackwardFlops = 2.5;

/// Times of single kernels on one chip: measured tables where the chip has them, otherwise the shape model on its
/// datasheet. Every time is that of one kernel and includes its start on the device (2-4 us), because the measurements
/// do; a host too slow to feed the device is not in it. Sustained figures: medians over engines, not the fastest.
///
/// Invariant: no time is below FLOPs / datasheet peak nor compulsory traffic / datasheet bandwidth.
/// Immutable: any number of threads may ask. Queries do not allocate and take about 0.1 us.
/// A value that owns its tables (about 50 KB a chip); pass it by reference.
class ChipKernels {
 public:
  /// Requires: `supports_compute(chip)`.
  explicit ChipKernels(const catalog::Chip& chip);
  /// Requires: `supports_compute(chip)`; `tables` were measured on this chip or one of the same silicon and clocks.
  ChipKernels(const catalog::Chip& chip, KernelTables tables);

  /// Does the chip publish what every estimate needs: memory bandwidth, and a matrix peak in bf16, fp16 or fp8?
  static bool supports_compute(const catalog::Chip& chip);

  /// Does the chip compute this recipe's format natively? If not, times are those of the nearest wider format
  /// (fp4 -> fp8 -> 16 bit, int8 -> 16 bit, tf32 -> fp32 or an eighth of 16 bit), which is what software falls back to.
  bool native(model::Recipe recipe) const { return formats_[index(recipe)].native; }

  /// The dense datasheet peak that this recipe's GEMMs run against.
  FlopsPerSecond peak(model::Recipe recipe) const { return formats_[index(recipe)].roof.peak; }

  /// One (batched) GEMM, operands already in the recipe's format, output in 2 bytes. A weight gradient is the same call
  /// with m, n the weight's dimensions and k the tokens. Casting operands to fp8 or fp4 is not in it: add
  /// `quantise_time` for each tensor that is cast. Requires: dimensions > 0.
  Estimate gemm_time(const GemmShape& shape, model::Recipe recipe) const;

  /// Casting a 16-bit tensor of `elements` numbers to the recipe's format, scales included, as one separate kernel
  /// (software that fuses it into the preceding norm or activation pays less). Zero for 16-bit and wider recipes.
  Estimate quantise_time(double elements, model::Recipe recipe) const;

  /// One grouped GEMM over the experts that a rank holds. Requires: dimensions > 0.
  Estimate grouped_gemm_time(const GroupedGemmShape& shape, model::Recipe recipe) const;

  /// Forward of a fused (flash) attention core in a 16-bit format; all recipes keep attention there.
  Estimate attention_time(const AttentionShape& shape) const;

  /// Backward of the same: `kAttentionBackwardFlops` at `kAttentionBackwardUtilisation` of the forward utilisation.
  Estimate attention_backward_time(const AttentionShape& shape) const;

  /// A kernel that only moves memory (norms, activations, optimizer): `traffic` = bytes read plus bytes written.
  Estimate memory_time(Bytes traffic) const;

  /// One collective among `ranks` chips inside one scale-up domain. `buffer` is what nccl-tests calls size:
  /// all-reduce: the reduced buffer; all-gather, reduce-scatter: the full buffer of ranks x shard; all-to-all: all that
  /// one rank holds, of which (ranks - 1) / ranks leaves it. One rank takes no time. Requires: ranks >= 1, buffer >= 0.
  /// Answered by `estimate_collective` (collective_time.hpp) on the chip's curves.
  CollectiveEstimate collective_time(Collective collective, int ranks, Bytes buffer) const;

  const std::vector<CollectiveCurve>& collectives() const { return collectives_; }
  /// Requires: sorted as `sort_curves` does.
  void set_collectives(std::vector<CollectiveCurve> curves) { collectives_ = std::move(curves); }

  const ShapeParameters& parameters(model::Recipe recipe) const { return formats_[index(recipe)].parameters; }
  bool has_tables() const { return tables_.has_value(); }

 private:
  static constexpr std::size_t kRecipes = 8;
  static constexpr std::size_t index(model::Recipe recipe) { return static_cast<std::size_t>(recipe); }

  /// Everything that a recipe decides, chosen once.
  struct Format {
    Roof roof;
    bool native = false;
    ShapeParameters parameters;  ///< of dense GEMMs
    ShapeParameters grouped_parameters;
    Basis shape_basis = Basis::kDatasheet;
    std::optional<TableFormat> gemm;     ///< which table of tables_->gemm answers
    std::optional<TableFormat> grouped;  ///< the same of tables_->grouped
  };

  static Estimate corrected(const GemmShape& shape, const Format& format, const ShapeParameters& parameters,
                            const std::optional<GridValue>& correction);

  std::array<Format, kRecipes> formats_;
  ChipClass class_ = ChipClass::kOther;
  BytesPerSecond scale_up_bandwidth_;
  std::optional<KernelTables> tables_;
  std::vector<CollectiveCurve> collectives_;  ///< sorted by (collective, ranks)
};

/// Bus bandwidth / algorithm bandwidth of a collective, as nccl-tests defines it: 2 (n - 1) / n for all-reduce,
/// (n - 1) / n for the others.
double bus_factor(Collective collective, int ranks);

}  // namespace socle::kernel
