#pragma once

#include <string>
#include <vector>

#include "socle/api/training_case.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::api {

/// One case and metric, as `--rows` writes it.
struct ValidationRow {
  std::string id, source, chip, stack, metric;
  int chips = 0;
  bool predicted = false;
  std::string reason;               ///< why not, when it was not predicted
  std::optional<double> measured;
  double value = 0, low = 0, high = 0;
  double memory_gb = 0;
  bool fits = true;
};

/// Error figures over a group of rows that were predicted and have a measurement.
struct ErrorSummary {
  std::string group;
  int cases = 0;
  double mean_absolute = 0, median_absolute = 0, signed_mean = 0;
  double worst = 0;
  std::string worst_id;
  double covered = 0;               ///< share of measurements inside the stated range
};

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

/// The rows as CSV, columns as the validation contract has them.
std::string validation_rows_csv(const TrainingValidation& validation);

}  // namespace socle::api
