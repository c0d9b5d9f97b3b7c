#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "socle/answer/validate/training_case.hpp"
#include "socle/answer/validate/validation_rows.hpp"
#include "socle/base/progress.hpp"
#include "socle/catalog/stack.hpp"
#include "socle/catalog/stacks.hpp"
#include "socle/machine/machine_builder.hpp"

namespace socle::answer {

/// What is left out whole, and predicted from what is left.
enum class LeftOut {
  kStack,    ///< every release of one framework
  kRelease,  ///< one stack whose framework has others with runs
  kChip,
  kSource,  ///< one collection of runs
};

/// "stack", "release", "chip", "source".
std::string_view left_out_name(LeftOut kind);

/// Errors of one kind of leaving out.
struct LeftOutBoard {
  LeftOut kind = LeftOut::kStack;
  std::vector<ErrorSummary> errors;           ///< all first, then by what was left out
  double mean_of_groups = 0;                  ///< mean absolute error, each group counted once
  double signed_of_groups = 0;                ///< mean error, likewise
  double covered_of_groups = 0;               ///< share of measurements inside the stated range, likewise
  std::optional<catalog::UnseenRange> range;  ///< that the errors of all groups give; empty: too few groups
};

/// One board a kind. The rows of a group are predicted anew with figures from relatives (`catalog/relatives.hpp`) for
/// what is left out: its stacks or its chip, and whatever rests mostly on it, that is every stack and chip with more
/// than half of its measured runs in the group. Measured kernels of a chip stay. The range of a group comes from the
/// errors of the other groups, or from `unseen` where they are fewer than three. `rows[i]` is the step-time row of
/// `cases[i]`; a row that was not compared does not count.
std::vector<LeftOutBoard> leave_out(const machine::MachineBuilder& machines, const std::vector<catalog::Stack>& stacks,
                                    const std::vector<TrainingCase>& cases,
                                    const std::vector<const ValidationRow*>& rows, unsigned threads,
                                    Progress* progress = nullptr);

/// A measured step over its predicted one, and the group that it was left out with.
struct LeftOutRatio {
  double ratio = 1;
  std::size_t group = 0;
};

/// The 5th and 95th percentile of the ratios, a group of n runs weighs n / (n + 12), and the mean error, likewise.
/// Those of group `without` do not count. Empty with fewer than three groups.
std::optional<catalog::UnseenRange> range_of_ratios(const std::vector<LeftOutRatio>& ratios,
                                                    std::optional<std::size_t> without = std::nullopt);

}  // namespace socle::answer
