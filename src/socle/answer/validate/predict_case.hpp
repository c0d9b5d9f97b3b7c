#pragma once

#include <optional>

#include "socle/answer/validate/training_case.hpp"
#include "socle/answer/validate/validation_rows.hpp"
#include "socle/catalog/stack.hpp"
#include "socle/machine/machine_builder.hpp"
#include "socle/train/step.hpp"

namespace socle::answer {

/// A case as it was run: the layout with every default filled in, on its machine.
struct CasePrediction {
  workload::Layout layout;
  train::StepResult step;
  bool fits = true;
  double range_low = 1, range_high = 1;  ///< measured / predicted, 90 %
};

/// The stack a case runs on, with what the row itself says of it (graphs, attention kernel).
catalog::Stack case_stack(const TrainingCase& c, const std::vector<catalog::Stack>& stacks, const catalog::Chip& chip);

/// The row of a case's step time before it is predicted: what it is and what was measured.
ValidationRow step_row(const TrainingCase& c);

/// Fills unknown fields by rule (sharding and overlaps from the stack, recompute the least that fits) and estimates.
/// `calibration`: of the chip, in place of the catalogue's. Throws InputError when the chip lacks a fact; Infeasible is
/// returned for layouts that cannot be.
Feasible<CasePrediction> predict_case(const machine::MachineBuilder& machines, const TrainingCase& c,
                                      const catalog::Stack& stack,
                                      const std::optional<catalog::ChipCalibration>& calibration = std::nullopt);

}  // namespace socle::answer
