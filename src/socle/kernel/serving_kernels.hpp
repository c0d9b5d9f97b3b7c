#pragma once

#include <array>
#include <optional>

#include "socle/catalog/chip.hpp"
#include "socle/kernel/chip_kernels.hpp"
#include "socle/kernel/serving_formats.hpp"
#include "socle/kernel/serving_shapes.hpp"
#include "socle/kernel/serving_tables.hpp"
#include "socle/model/serving_format.hpp"

namespace socle::kernel {

/// Where an engine's own kernels are not those of the median engine.
struct EngineKernels {
  bool fastest_experts = false;     ///< expert layers take the fastest measured time, not the middle
  bool fused_casts = false;         ///< scales are known beforehand: the kernel before casts to fp8
  bool fastest_all_reduce = false;  ///< inside a node: the fastest of those measured
};

/// Times of the kernels of one inference step on one chip: measured tables where the chip has them
/// (`catalog/serving/`), otherwise the shape models on its datasheet. Each time includes the start of its kernels on
/// the device; what the host needs to issue them is not in it.
///
/// Invariant: no time is below FLOPs / datasheet peak nor compulsory traffic / datasheet bandwidth.
/// Immutable: any number of threads may ask. Queries do not allocate and take under 0.3 us.
/// A value that owns its tables (about 100 KB a chip); pass it by reference.
class ServingKernels {
 public:
  /// Requires: `ChipKernels::supports_compute(chip)`; `kernels` are those of the chip; `tables`, if any, were measured
  /// on it or on one of the same silicon.
  ServingKernels(const catalog::Chip& chip, const ChipKernels& kernels, std::optional<ServingTables> tables);

  /// One linear layer as an engine runs it: the cast of the activation is in it unless it is fused, weight-only formats
  /// unpack on the fly. m = rows (tokens) from 1, n = outputs, k = inputs. A format that the chip lacks is a
  /// weight-only one: its weights, 16-bit arithmetic. Requires: dimensions > 0.
  Estimate linear_time(const GemmShape& shape, model::WeightFormat format, const EngineKernels& engine = {}) const;

  /// One fused expert layer (`ExpertShape` says what is in it). Between the fastest and the median engine unless told.
  Estimate expert_time(const ExpertShape& shape, model::WeightFormat format, const EngineKernels& engine = {}) const;

  /// Attention core of one decode step; the cache is read, the new key and value are not written.
  Estimate decode_attention_time(const DecodeAttention& shape) const;
  Estimate decode_mla_time(const DecodeMla& shape) const;

  /// Attention core of new tokens: `ChipKernels::attention_time`, or, where few tokens meet a long cache, a kernel that
  /// splits the cache among compute units as decoding does, whichever is faster. An fp8 cache takes the time of a
  /// 16-bit one there: the arithmetic decides.
  Estimate prefill_attention_time(const PrefillAttention& shape) const;
  Estimate prefill_mla_time(const PrefillMla& shape) const;

  /// One all-reduce of a 16-bit buffer among `ranks` chips of one node or scale-up domain: the engines' own kernels
  /// where they are faster than the library's (`ChipKernels::collective_time`). Requires: ranks >= 1, buffer >= 0.
  Estimate all_reduce_time(int ranks, Bytes buffer, const EngineKernels& engine = {}) const;

  /// Time of the median engine over that of the fastest, for this format's expert layers: `expert_time` lies between.
  double expert_engine_spread(model::WeightFormat format) const;

  /// Does the chip multiply in this format, or unpack its weights to 16 bits? mxfp4 counts as multiplied where it runs
  /// against mxfp8 activations.
  bool multiplies(model::WeightFormat format) const { return linear_[index(format)].multiplies_narrow(); }
  bool has_tables() const { return tables_.has_value(); }

 private:
  static constexpr std::size_t index(model::WeightFormat format) { return static_cast<std::size_t>(format); }

  Estimate prefill_core(const AttentionShape& shape, const PrefillAttention& asked) const;
  /// Fit that answers for a cache of this type: its own width's, else the other's.
  template <class Fit>
  static const Fit* cache_fit(const std::array<std::optional<Fit>, kCacheFormats>& fits, model::DataType kv);

  ChipKernels kernels_;
  ChipClass class_ = ChipClass::kOther;
  Roof roof_;  ///< 16 bit
  std::optional<ServingTables> tables_;
  std::array<LinearFormat, kWeightFormats> linear_;
  std::array<ExpertFormat, kWeightFormats> experts_;
};

}  // namespace socle::kernel
