#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/catalog/relatives.hpp"
#include "socle/catalog/stack.hpp"

namespace socle::catalog {

/// Every software stack of the catalogue (`stacks/`), sorted by slug. One without `[fitted]` has the figures of its
/// relatives and the range of what was left out (`unseen.toml`). Throws InputError on a malformed file.
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

/// What the chip sustains (`calibration/<slug>.toml`): its own fit, else that of its silicon or architecture, else what
/// its relatives give.
ChipCalibration load_calibration(const Catalog& catalog, const Chip& chip);

/// Every chip that was fitted on its own runs.
std::vector<CalibratedChip> load_calibrations(const Catalog& catalog);

/// Measured over predicted step time where nothing was measured, 90 %, and the mean error: of what is left out whole
/// and predicted from its relatives (`socle validate training`).
struct UnseenRange {
  double low = 1, high = 1;
  double error = 0;
};
struct UnseenRanges {
  UnseenRange stack;    ///< no stack of its framework was measured
  UnseenRange release;  ///< other releases of its framework were
  UnseenRange chip;     ///< the chip was not
};
UnseenRanges load_unseen_ranges(const Catalog& catalog);

/// Measured over predicted step time of all runs that stacks were fitted on, 4th and 96th percentile: what the range of
/// a stack with few runs is drawn towards (`fitted_range.toml`, by tools/fit_training.py).
struct FittedRange {
  double low = 1, high = 1;
};
FittedRange load_fitted_range(const Catalog& catalog);

}  // namespace socle::catalog
