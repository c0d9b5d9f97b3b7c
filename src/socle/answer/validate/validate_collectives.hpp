#pragma once

#include <string>
#include <vector>

#include "socle/answer/validate/validation_rows.hpp"
#include "socle/base/csv.hpp"
#include "socle/base/progress.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::answer {

/// Predictions of published collectives beside what was measured. Errors are those of time where a case states one, of
/// bus bandwidth elsewhere.
struct CollectiveValidation {
  std::vector<ValidationRow> rows;           ///< metrics time_us and busbw_gbs, as far as a case states them
  std::vector<const ValidationRow*> judged;  ///< one of each case, into `rows`
  std::vector<ErrorSummary> errors;          ///< all, then by size, collective, group, chip and source
  /// The cases on a measured curve again, predicted without their own size, their own group size, their own chip.
  std::vector<ErrorSummary> without_size, without_ranks, without_chip;

  CollectiveValidation() = default;
  CollectiveValidation(CollectiveValidation&&) = default;
  CollectiveValidation& operator=(CollectiveValidation&&) = default;
  CollectiveValidation(const CollectiveValidation&) = delete;  // `judged` points into `rows`
  CollectiveValidation& operator=(const CollectiveValidation&) = delete;
};

/// Predicts every case of a CSV. `threads` 0 = all cores; the result does not depend on it. Throws InputError with
/// every malformed row.
CollectiveValidation validate_collectives(const catalog::Catalog& catalog, const CsvTable& cases, unsigned threads,
                                          Progress* progress = nullptr);

}  // namespace socle::answer
