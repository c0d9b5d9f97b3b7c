#pragma once

#include <string_view>
#include <vector>

#include "socle/catalog/stack.hpp"

namespace socle::catalog {

/// One figure of a stack that is fitted on its runs, read and written as a plain number in SI units.
struct StackFigure {
  std::string_view name;  ///< as under `[fitted]`
  bool share;             ///< from 0 to 1, averaged as it is; the others are positive and averaged by their logarithms
  double (*get)(const Stack&);
  void (*set)(Stack&, double);
};

/// Every figure that whole steps are fitted by; memory's are apart.
const std::vector<StackFigure>& stack_figures();

}  // namespace socle::catalog
