#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/answer/validate/layout_order.hpp"
#include "socle/answer/validate/leave_out.hpp"
#include "socle/answer/validate/training_case.hpp"
#include "socle/answer/validate/validation_rows.hpp"
#include "socle/base/csv.hpp"
#include "socle/base/progress.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::answer {

struct TrainingValidation {
  std::vector<ValidationRow> rows;
  std::vector<ErrorSummary> step_time;  ///< overall first, then by source, chip, scale
  std::vector<ErrorSummary> memory;
  std::vector<JobOrder> orders;        ///< of jobs with several measured layouts
  std::vector<LeftOutBoard> left_out;  ///< step times of what is left out whole and predicted from its relatives
  int unsupported = 0;
  int known_layout = 0, known_layout_predicted = 0;
  int wrongly_out_of_memory = 0;
};

/// Predicts every case of a CSV. `threads` 0 = all cores; the result does not depend on it.
TrainingValidation validate_training(const catalog::Catalog& catalog, const CsvTable& cases, unsigned threads,
                                     Progress* progress = nullptr);

/// The rows of one metric.
std::vector<const ValidationRow*> rows_of_metric(const std::vector<ValidationRow>& rows, std::string_view metric);

}  // namespace socle::answer
