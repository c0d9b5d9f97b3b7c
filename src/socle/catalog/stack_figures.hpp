#pragma once

#include <string_view>
#include <vector>

#include "socle/catalog/stack.hpp"

namespace socle::catalog {

/// What a figure is taken for before any run, how far runs may move it cheaply, and what it cannot pass.
struct FigurePrior {
  double value;
  double width;  ///< standard deviation, in log units or, for shares, in plain ones
  double least, most;
};

/// One figure of a stack that is fitted on its runs, read and written as a plain number in SI units. The priors are
/// those of a stack of which nothing is known; whoever has relatives takes theirs instead (`catalog/relatives.hpp`).
struct StackFigure {
  std::string_view name;  ///< as under `[fitted]`
  FigurePrior prior;
  bool time;   ///< seconds; the others are pure numbers
  bool share;  ///< from 0 to 1, averaged as it is; the others are positive and averaged by their logarithms
  double (*get)(const Stack&);
  void (*set)(Stack&, double);
};

/// Every figure that whole steps are fitted by; memory's are apart.
const std::vector<StackFigure>& stack_figures();

/// The stack with every figure at its prior.
Stack with_general_priors(Stack stack);

}  // namespace socle::catalog
