#pragma once

#include <map>
#include <string>
#include <vector>

#include "socle/answer/validate/stack_fit.hpp"
#include "socle/answer/validate/validation_rows.hpp"
#include "socle/base/csv.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::answer {

/// What `socle validate training --fit-stack` is asked.
struct FitStackQuestion {
  std::string name;      ///< slug of the stack, of the catalogue or new
  std::string like{};    ///< a stack of the catalogue whose facts a new one has; empty: none
  std::string family{};  ///< of a new stack whose facts nobody states; empty: none
  unsigned threads = 0;  ///< 0 = all cores; the answer does not depend on it
};

/// One figure of the stack.
struct FittedFigure {
  std::string name;
  bool time = false;  ///< seconds
  bool share = false;
  double prior = 0, fitted = 0;
  bool moved() const { return prior != fitted; }
};

/// A stack fitted on a user's own runs.
struct StackFit {
  catalog::Stack prior, fitted;
  std::string leaned_on;  ///< whose figures the priors are, a sentence
  std::vector<FittedFigure> figures;
  int cases = 0;
  std::vector<std::pair<std::string, int>> unused;  ///< reasons why cases were not fitted on, most frequent first
  ErrorSummary before, after;                       ///< with the priors, and with the figures fitted
  ErrorSummary left_out;            ///< each run predicted by a fit without it (or without its fold); no case: too few
  int folds = 0;                    ///< of the left-out error: as many as runs, or ten
  std::vector<ValidationRow> rows;  ///< of left_out, in the order of the cases
  std::optional<double> memory_error;  ///< mean absolute, after its fit; empty: fewer than four runs state memory
  std::string overlay;                 ///< `stacks/NAME.toml`, for --catalog DIR

  std::string overlay_path() const { return "stacks/" + fitted.slug + ".toml"; }
};

/// Fits the stack on every case that was measured and can be predicted: all are taken to have run on it, whatever
/// their source says. Its priors are what its relatives in the catalogue give, or those of a stack of which nothing is
/// known. Throws InputError: no name, an unknown --like or --family, both, either beside a stack that exists, no case
/// to fit on, malformed cases. Throws Cancelled.
StackFit fit_stack(const catalog::Catalog& catalog, const CsvTable& cases, const FitStackQuestion& question,
                   Progress* progress = nullptr);

}  // namespace socle::answer
