#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/catalog/stack.hpp"

namespace socle::catalog {

/// Every software stack of the catalogue (`stacks/`), sorted by slug. Throws InputError on a malformed file.
std::vector<Stack> load_stacks(const Catalog& catalog);

/// One stack by slug. Throws InputError with "did you mean" when there is none.
Stack load_stack(const Catalog& catalog, std::string_view slug);

/// The stack that a run's source names (the longest match wins), else the default of its year for this kind of chip.
/// `chip_kind`: as the function of that name says. Requires: the catalogue has a default for every kind.
const Stack& stack_of_source(const std::vector<Stack>& stacks, std::string_view source, int year,
                             std::string_view chip_kind);

/// "tpu" for systolic chips programmed through XLA, "npu" for Ascend, "gpu" for NVIDIA, "rocm" for AMD, "other" for the
/// rest.
std::string_view chip_kind(const Chip& chip);

/// The chip of the same silicon that was measured, for export variants and other memory sizes; the chip itself
/// otherwise.
std::string measured_silicon(const Chip& chip);

/// What the chip sustains (`calibration/<slug>.toml`): its own fit, else that of its silicon or architecture, else
/// neutral.
ChipCalibration load_calibration(const Catalog& catalog, const Chip& chip);

}  // namespace socle::catalog
