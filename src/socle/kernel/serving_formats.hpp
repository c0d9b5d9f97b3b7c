#pragma once

#include <cstddef>
#include <optional>

#include "socle/kernel/chip_kernels.hpp"
#include "socle/kernel/serving_shapes.hpp"
#include "socle/kernel/serving_tables.hpp"
#include "socle/model/serving_format.hpp"

namespace socle::kernel {

/// Everything that a weight format decides about a chip's linear layers, chosen once.
struct LinearFormat {
  Roof roof;
  LinearBytes bytes;
  ShapeParameters parameters;
  Seconds cast_launch{};             ///< of the kernel that casts the activation, beside the product's own
  std::optional<std::size_t> table;  ///< of `ServingTables::linear`
  ServingErrors errors;
  Basis shape_basis = Basis::kDatasheet;

  /// Does the chip multiply in the format, or unpack its weights to 16 bits?
  bool multiplies_narrow() const { return bytes.activation < 2.0; }
};

/// The same of its expert layers.
struct ExpertFormat {
  Roof roof;
  double weight_bytes = 2;
  ExpertParameters parameters;
  std::optional<std::size_t> table;  ///< of `ServingTables::experts`
  ServingErrors errors;
};

/// The chip, as both choices see it.
struct FormatChoice {
  const ChipKernels& kernels;
  ChipClass chip_class;
  BytesPerSecond memory_bandwidth;
  const ServingTables* tables;  ///< null: none
};

/// Errors where attention or experts were not measured, by whether a chip of the class was (assumption; over the
/// measured chips the shape models are off by 10 to 50 %).
double unmeasured_error(ChipClass chip_class);

/// A format that the chip lacks is a weight-only one: its weights, 16-bit arithmetic, the table of w8a16 or w4a16.
LinearFormat choose_linear(const FormatChoice& choice, model::WeightFormat format);
/// `linear`: what was chosen for the same format.
ExpertFormat choose_experts(const FormatChoice& choice, const LinearFormat& linear, model::WeightFormat format);

}  // namespace socle::kernel
