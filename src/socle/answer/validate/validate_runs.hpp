#pragma once

#include <vector>

#include "socle/answer/validate/serving_run.hpp"
#include "socle/answer/validate/validation_rows.hpp"
#include "socle/base/progress.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::answer {

/// Recorded runs replayed: means and 99th percentiles over requests, and the makespan.
struct RunValidation {
  std::vector<ValidationRow> rows;   ///< seven of each run: ttft, tpot, e2e mean and p99 (ms, s), makespan
  std::vector<ErrorSummary> errors;  ///< all, then by metric and run
};

/// Replays every run on its own arrivals. Throws InputError with every malformed file.
RunValidation validate_runs(const catalog::Catalog& catalog, const std::vector<RunFiles>& runs,
                            Progress* progress = nullptr);

}  // namespace socle::answer
