#pragma once

#include <set>
#include <string>
#include <vector>

#include "socle/catalog/chip.hpp"
#include "socle/catalog/stack.hpp"

namespace socle::catalog {

/// Figures of what was never measured come from its relatives, level by level:
///
///   x = (sum w_i x_i + x_above) / (sum w_i + 1),    w_i = n_i / (n_i + 12) 2^-y_i / sqrt(f_i)
///
/// x_i: figure of a relative that was measured (logarithms, but shares as they are); n_i: its runs; y_i: years between
/// its time and the asker's; x_above: what the level above gives, which counts as one relative measured without end.
/// f_i, above the level of the framework only: how many of its framework are among them, since releases of one
/// framework are no independent witnesses. Levels of a stack: all, its family, its framework. Of a chip: neutral, its
/// kind, its silicon. So few relatives lean on the level above, and none are that level (partial pooling). 12 is the
/// number of runs by which stated ranges are drawn together too. How well this does: `socle validate training`.

inline constexpr double kRunsOfHalfTrust = 12;

/// The stack with every figure that is fitted taken from its relatives, without those whose slugs are left out. Its
/// facts stay its own. Unchanged where no relative was measured.
Stack with_figures_of_relatives(Stack stack, const std::vector<Stack>& stacks, const std::set<std::string>& left_out);

/// A chip and what was fitted for it on its own runs.
struct CalibratedChip {
  Chip chip;
  ChipCalibration calibration;
};

/// The calibration of a chip from those of its relatives, left-out slugs apart; its `runs` are 0.
ChipCalibration calibration_of_relatives(const Chip& chip, const std::vector<CalibratedChip>& calibrated,
                                         const std::set<std::string>& left_out);

}  // namespace socle::catalog
