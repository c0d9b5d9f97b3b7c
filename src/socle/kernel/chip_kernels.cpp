#include "socle/kernel/chip_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "socle/base/check.hpp"

namespace socle::kernel {
namespace {

using catalog::PeakFormat;
using model::Recipe;

/// Added to the relative error for each doubling beyond the measured grid (assumption).
constexpr double kErrorPerOctaveOutside = 0.02;
/// Share of peak above which a GEMM counts as limited by the matrix units.
constexpr double kBusy = 0.4;
/// Most octaves outside the grid that still count as measured.
constexpr double kMeasuredMargin = 0.51;

/// The chip's 16-bit dense peak; half the fp8 peak where only that is published (assumption: holds on every chip of
/// the catalogue that publishes both, but Gaudi 3).
std::optional<FlopsPerSecond> peak_16bit(const catalog::Chip& chip) {
  if (const auto peak = chip.peak_of(PeakFormat::kBf16)) return peak;
  if (const auto peak = chip.peak_of(PeakFormat::kFp16)) return peak;
  if (const auto peak = chip.peak_of(PeakFormat::kFp8)) return 0.5 * *peak;
  return std::nullopt;
}

struct Native {
  FlopsPerSecond peak;
  double operand_bytes;
  bool native;
};

/// Peak of the recipe's format or of the nearest wider one. Requires: the chip has a 16-bit peak.
Native native_format(const catalog::Chip& chip, Recipe recipe) {
  const FlopsPerSecond wide = *peak_16bit(chip);
  const auto fp8 = chip.peak_of(PeakFormat::kFp8);
  switch (recipe) {
    case Recipe::kFp32: {
      if (const auto peak = chip.peak_of(PeakFormat::kTf32)) return {*peak, 4.0, true};
      if (const auto peak = chip.peak_of(PeakFormat::kFp32)) return {*peak, 4.0, true};
      return {0.125 * wide, 4.0, false};
    }
    case Recipe::kBf16:
      return {wide, 2.0, chip.peak_of(PeakFormat::kBf16).has_value()};
    case Recipe::kFp16:
      return {wide, 2.0, chip.peak_of(PeakFormat::kFp16).has_value()};
    case Recipe::kNvFp4:
      if (const auto peak = chip.peak_of(PeakFormat::kFp4)) return {*peak, 0.5625, true};  // one 8-bit scale per 16
      [[fallthrough]];
    case Recipe::kFp8:
    case Recipe::kFp8Block:
    case Recipe::kMxFp8:
      if (fp8) return {*fp8, 1.0, recipe != Recipe::kNvFp4};
      return {wide, 2.0, false};
    case Recipe::kInt8:
      if (const auto peak = chip.peak_of(PeakFormat::kInt8)) return {*peak, 1.0, true};
      return {wide, 2.0, false};
  }
  return {wide, 2.0, false};
}

/// Where the chip has no scale-up figure: PCIe 5 x16 as collectives reach it (assumption).
constexpr BytesPerSecond kPcieBandwidth{25e9};

}  // namespace

bool ChipKernels::supports_compute(const catalog::Chip& chip) {
  return chip.memory_bandwidth.has_value() && peak_16bit(chip).has_value();
}

ChipKernels::ChipKernels(const catalog::Chip& chip) {
  SOCLE_CHECK(supports_compute(chip), "a chip without a matrix peak or memory bandwidth has no kernel times");
  class_ = kernel::chip_class(chip);
  scale_up_bandwidth_ = chip.scale_up_bandwidth.value_or(kPcieBandwidth);
  for (std::size_t i = 0; i < kRecipes; ++i) {
    const auto recipe = static_cast<Recipe>(i);
    const Native format = native_format(chip, recipe);
    formats_[i].roof = {format.peak, *chip.memory_bandwidth, format.operand_bytes};
    formats_[i].native = format.native;
    formats_[i].parameters = default_parameters(class_, recipe, *peak_16bit(chip));
    formats_[i].grouped_parameters = default_grouped_parameters(class_, recipe, *peak_16bit(chip));
  }
}

ChipKernels::ChipKernels(const catalog::Chip& chip, KernelTables tables) : ChipKernels(chip) {
  tables_ = std::move(tables);
  collectives_ = std::move(tables_->collectives);
  const auto& bf16 = tables_->gemm[static_cast<std::size_t>(TableFormat::kBf16)];
  for (std::size_t i = 0; i < kRecipes; ++i) {
    Format& format = formats_[i];
    // What is not native runs in 16 bits (or fp8 for fp4): answer with that format's table.
    auto recipe = static_cast<Recipe>(i);
    if (!format.native && format.roof.operand_bytes == 2.0) recipe = Recipe::kBf16;
    if (!format.native && format.roof.operand_bytes == 1.0) recipe = Recipe::kFp8;
    const auto which = table_format(recipe);
    if (which && tables_->gemm[static_cast<std::size_t>(*which)]) {
      format.gemm = which;
      format.parameters = tables_->gemm[static_cast<std::size_t>(*which)]->parameters;
      format.shape_basis = Basis::kCalibrated;
    } else if (bf16) {
      format.parameters.compute_units = bf16->parameters.compute_units;
      format.parameters.launch = bf16->parameters.launch;
      format.parameters.memory_fraction = bf16->parameters.memory_fraction;
    }
    if (which && tables_->grouped[static_cast<std::size_t>(*which)]) {
      format.grouped = which;
      format.grouped_parameters = tables_->grouped[static_cast<std::size_t>(*which)]->parameters;
    }
  }
}

/// `correction`: measured / modelled time from the grid; empty: the model alone.
Estimate ChipKernels::corrected(const GemmShape& shape, const Format& format, const ShapeParameters& parameters,
                                const std::optional<GridValue>& correction) {
  const Seconds modelled = gemm_shape_time(shape, format.roof, parameters);
  // How busy the matrix units are decides which of the two errors applies.
  const bool busy = gemm_flops(shape) > kBusy * format.roof.peak * modelled;
  const double error = busy ? parameters.error : parameters.error_small;
  if (!correction) return {modelled, format.shape_basis, error};
  const Seconds time = std::max(correction->value * modelled, gemm_floor(shape, format.roof));
  const Basis basis = correction->outside <= kMeasuredMargin ? Basis::kMeasured : Basis::kCalibrated;
  return {time, basis, error + kErrorPerOctaveOutside * correction->outside};
}

Estimate ChipKernels::gemm_time(const GemmShape& s, model::Recipe recipe) const {
  const Format& format = formats_[index(recipe)];
  std::optional<GridValue> correction;
  if (format.gemm) { correction = tables_->gemm[static_cast<std::size_t>(*format.gemm)]->correction.at(s.m, s.n, s.k); }
  Estimate result = corrected(s, format, format.parameters, correction);
  result.time *= misalignment(s);
  return result;
}

Estimate ChipKernels::quantise_time(double elements, model::Recipe recipe) const {
  const Format& format = formats_[index(recipe)];
  const bool casts = format.roof.operand_bytes < 2.0 && format.parameters.quantise_bytes > 0.0;
  if (!casts) return {Seconds{0}, Basis::kMeasured, 0.0};
  const Seconds time =
      memory_shape_time(Bytes{elements * format.parameters.quantise_bytes}, format.roof, format.parameters);
  return {time, format.shape_basis, format.parameters.error_small};
}

Estimate ChipKernels::grouped_gemm_time(const GroupedGemmShape& s, model::Recipe recipe) const {
  const Format& format = formats_[index(recipe)];
  std::optional<GridValue> correction;
  if (format.grouped) {  // the third axis is the size of one expert's matrix
    const Grid3& grid = tables_->grouped[static_cast<std::size_t>(*format.grouped)]->correction;
    correction = grid.at(s.m, s.groups, s.n * s.k);
  }
  Estimate result =
      corrected({.m = s.m, .n = s.n, .k = s.k, .batch = s.groups}, format, format.grouped_parameters, correction);
  // One dense GEMM of all rows does the same FLOPs with one weight instead of many: the experts cannot beat it. The
  // grouped table rests on the fastest engine, the dense one on the sustained median.
  result.time = std::max(result.time, gemm_time({.m = s.m * s.groups, .n = s.n, .k = s.k}, recipe).time);
  return result;
}

Estimate ChipKernels::attention_time(const AttentionShape& s) const {
  const Format& format = formats_[index(Recipe::kBf16)];
  const double units = format.parameters.compute_units;
  const bool wide_keys = s.v_head_dim > 0 && s.v_head_dim < s.head_dim;
  const std::optional<FittedAttention>* fit = nullptr;
  if (tables_) fit = wide_keys && tables_->attention_mla ? &tables_->attention_mla : &tables_->attention;
  if (fit == nullptr || !*fit) {
    const AttentionParameters parameters = default_attention_parameters(class_);
    return {attention_shape_time(s, format.roof, parameters, units), Basis::kDatasheet, parameters.error};
  }
  const AttentionParameters& parameters = (*fit)->parameters;
  const GridValue found = (*fit)->correction.at(equivalent_sequence(s), s.batch * s.q_heads, s.head_dim);
  const Seconds modelled = attention_shape_time(s, format.roof, parameters, units);
  const Seconds floor =
      std::max(attention_flops(s) / format.roof.peak, attention_traffic(s) / format.roof.memory_bandwidth);
  // Only full causal squares were measured: chunks, windows and two-sided masks rest on the fit, not on a measurement.
  const bool square = s.causal && s.seq_q == s.seq_kv && (s.window == 0 || s.window >= s.seq_kv);
  const Basis basis = square && found.outside <= kMeasuredMargin ? Basis::kMeasured : Basis::kCalibrated;
  return {std::max(found.value * modelled, floor), basis, parameters.error + kErrorPerOctaveOutside * found.outside};
}

Estimate ChipKernels::attention_backward_time(const AttentionShape& shape) const {
  Estimate result = attention_time(shape);
  result.time *= kAttentionBackwardFlops / kAttentionBackwardUtilisation;
  if (result.basis == Basis::kMeasured) result.basis = Basis::kCalibrated;
  result.relative_error += kAttentionBackwardError;
  return result;
}

Estimate ChipKernels::memory_time(Bytes traffic) const {
  const Format& format = formats_[index(Recipe::kBf16)];
  ShapeParameters parameters = format.parameters;
  double error = parameters.error_small;
  if (tables_) {
    parameters.memory_fraction = tables_->memory_fraction;
    parameters.launch = tables_->launch;
    error = tables_->memory_error;
  }
  const Basis basis = tables_ ? Basis::kCalibrated : Basis::kDatasheet;
  return {memory_shape_time(traffic, format.roof, parameters), basis, error};
}

}  // namespace socle::kernel
