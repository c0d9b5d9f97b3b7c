#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/api/training_case.hpp"
#include "socle/api/validation_rows.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::api {

struct TrainingValidation {
  std::vector<ValidationRow> rows;
  std::vector<ErrorSummary> step_time;   ///< overall first, then by source, chip, scale
  std::vector<ErrorSummary> memory;
  int unsupported = 0;
  int known_layout = 0, known_layout_predicted = 0;
  int wrongly_out_of_memory = 0;
};

/// Predicts every case of a CSV. `threads` 0 = all cores; the result does not depend on it.
TrainingValidation validate_training(const catalog::Catalog& catalog, const CsvTable& cases, unsigned threads);

/// The rows of one metric.
std::vector<const ValidationRow*> rows_of_metric(const std::vector<ValidationRow>& rows, std::string_view metric);

/// The report for people: overall first, then by source, chip, stack and scale; what was not predicted, and why.
std::string validation_text(const TrainingValidation& validation);
/// The same for `--json`, without schema and provenance.
Json validation_json(const TrainingValidation& validation);

}  // namespace socle::api
