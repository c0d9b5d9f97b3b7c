#include "socle/kernel/serving_formats.hpp"

#include <vector>

namespace socle::kernel {
namespace {

using model::Recipe;
using model::WeightFormat;

constexpr std::size_t index(WeightFormat format) { return static_cast<std::size_t>(format); }

/// Share of the bandwidth that kernels which unpack weights reach where none was measured: between 0.40 (H200, int4)
/// and 0.65 (int8) of the measured ones.
constexpr double kUnpackFraction = 0.55;
/// Errors of the shape models where nothing was measured: over the measured chips they are 8 to 30 % for linear layers,
/// 15 to 40 % for experts and 23 to 45 % for attention.
constexpr ServingErrors kMeasuredClassLinear{0.25, 0.15, 0.2};
constexpr ServingErrors kOtherClassLinear{0.5, 0.3, 0.4};
constexpr double kMeasuredClassError = 0.35;
constexpr double kOtherClassError = 0.5;

bool measured_class(ChipClass chip_class) {
  return chip_class == ChipClass::kSm80 || chip_class == ChipClass::kSm90 || chip_class == ChipClass::kSm100;
}

/// The recipe whose arithmetic a format takes where the chip has it; empty: weight-only.
std::optional<Recipe> arithmetic(WeightFormat format) {
  switch (format) {
    case WeightFormat::kBf16:
      return Recipe::kBf16;
    case WeightFormat::kFp16:
      return Recipe::kFp16;
    case WeightFormat::kFp8:
      return Recipe::kFp8;
    case WeightFormat::kFp8Block:
      return Recipe::kFp8Block;
    case WeightFormat::kInt8:
      return Recipe::kInt8;
    case WeightFormat::kNvFp4:
      return Recipe::kNvFp4;
    case WeightFormat::kInt8WeightOnly:
    case WeightFormat::kInt4WeightOnly:
    case WeightFormat::kMxFp4:
      return std::nullopt;
  }
  return std::nullopt;
}

double activation_bytes(Recipe recipe) {
  const double bytes = model::bytes_per_element(model::gemm_type(recipe));
  return bytes < 1.0 ? 0.5625 : bytes;  // one 8-bit scale per 16
}

Recipe recipe_of(model::DataType compute) {
  if (compute == model::DataType::kFp8) return Recipe::kFp8;
  return compute == model::DataType::kFp4 ? Recipe::kNvFp4 : Recipe::kBf16;
}

}  // namespace

double unmeasured_error(ChipClass chip_class) {
  return measured_class(chip_class) ? kMeasuredClassError : kOtherClassError;
}

LinearFormat choose_linear(const FormatChoice& choice, WeightFormat format) {
  const ChipKernels& kernels = choice.kernels;
  LinearFormat result;
  result.roof = {kernels.peak(Recipe::kBf16), choice.memory_bandwidth, 2.0};
  result.bytes = {model::bytes_per_weight(format), 2.0};
  result.errors = measured_class(choice.chip_class) ? kMeasuredClassLinear : kOtherClassLinear;
  std::optional<Recipe> recipe = arithmetic(format);
  // Microscaled fp4 weights meet mxfp8 activations where the chip has fp4 units, 16-bit ones elsewhere.
  if (format == WeightFormat::kMxFp4 && kernels.native(Recipe::kNvFp4)) recipe = Recipe::kMxFp8;
  const bool multiplies = recipe && (result.bytes.weight == 2.0 || kernels.native(*recipe));
  result.parameters = kernels.parameters(multiplies ? *recipe : Recipe::kBf16);
  if (multiplies) {
    result.roof.peak = kernels.peak(*recipe);
    result.bytes.activation = activation_bytes(*recipe);
  } else {
    result.parameters.memory_fraction = kUnpackFraction;
  }
  if (!choice.tables) return result;
  std::vector<WeightFormat> candidates = {format};
  if (!multiplies && result.bytes.weight < 1.0) candidates = {format, WeightFormat::kInt4WeightOnly};
  if (!multiplies && result.bytes.weight >= 1.0) candidates = {format, WeightFormat::kInt8WeightOnly};
  for (const WeightFormat candidate : candidates) {
    const auto& fit = choice.tables->linear[index(candidate)];
    if (!fit) continue;
    result.table = index(candidate);
    result.parameters = fit->parameters;
    result.errors = fit->errors;
    const auto& wide = choice.tables->linear[index(WeightFormat::kBf16)];
    if (multiplies && wide) result.cast_launch = std::max(Seconds{}, fit->parameters.launch - wide->parameters.launch);
    return result;
  }
  if (const auto& wide = choice.tables->linear[index(WeightFormat::kBf16)]; wide && !multiplies) {
    const double quantise = result.parameters.quantise_bytes;
    result.parameters = wide->parameters;
    result.parameters.quantise_bytes = quantise;
    result.parameters.memory_fraction = kUnpackFraction;
    result.shape_basis = Basis::kCalibrated;
  }
  return result;
}

ExpertFormat choose_experts(const FormatChoice& choice, const LinearFormat& linear, WeightFormat format) {
  const bool weight_only = linear.bytes.activation == 2.0 && linear.bytes.weight < 2.0;
  ExpertFormat result;
  result.roof = linear.roof;
  result.weight_bytes = linear.bytes.weight;
  result.parameters = default_expert_parameters(choice.chip_class, weight_only);
  const double error = unmeasured_error(choice.chip_class);
  result.errors = {error, error, error};
  if (!choice.tables) return result;
  for (const WeightFormat candidate : {format, WeightFormat::kInt4WeightOnly}) {
    const auto& fit = choice.tables->experts[index(candidate)];
    const bool alike = candidate == format || (weight_only && result.weight_bytes < 1.0);
    if (!fit || !alike) continue;
    result.table = index(candidate);
    result.parameters = fit->parameters;
    result.errors = fit->errors;
    result.roof.peak = choice.kernels.peak(recipe_of(fit->compute));
    return result;
  }
  return result;
}

}  // namespace socle::kernel
