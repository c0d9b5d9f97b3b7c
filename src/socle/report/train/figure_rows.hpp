#pragma once

#include <string>
#include <vector>

#include "socle/answer/train/train_result.hpp"
#include "socle/base/unit_scale.hpp"

namespace socle::report {

/// One predicted figure as text and JSON show it.
struct FigureRow {
  std::string key;  ///< of the JSON member, with its unit, e.g. "step_time_s"
  std::string label;
  Ranged<double> value;  ///< in the unit of the key
  RangeText text;        ///< in one unit, that of the value
  std::string basis;     ///< "measured", "calibrated", "datasheet" or "assumed", and of what
};

/// The figures that are known, in the order in which they are shown.
std::vector<FigureRow> figure_rows(const answer::TrainFigures& figures);

}  // namespace socle::report
