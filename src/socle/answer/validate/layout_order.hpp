#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/answer/validate/validation_rows.hpp"

namespace socle::answer {

/// Measured layouts of one job, in the order that is predicted and in the one that was measured.
struct JobOrder {
  std::string job;     ///< model, chips, sequence, batch, precision
  std::string source;  ///< collection of its runs
  int layouts = 0;
  double regret = 0;  ///< measured time of the layout that is predicted fastest over that of the fastest, minus 1
  std::optional<double> correlation;  ///< Spearman's, of predicted and measured times; empty: all of one are equal
};

/// Every job with three or more layouts that were predicted and measured, in the order of the rows. Rows of the metric
/// "step_s" with a `job` count.
std::vector<JobOrder> job_orders(const std::vector<ValidationRow>& rows);

/// Spearman's rank correlation; ties share their mean rank. Empty where either side is constant. Requires: equal sizes.
std::optional<double> rank_correlation(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace socle::answer
